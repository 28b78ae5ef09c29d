import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nothingDecided } from '../../../../server/src/core/assessment/decided/decidedVersions.ts';
import {
  placeRequirements,
  rememberedTargets,
  RequirementPlacer,
} from '../../../../server/src/core/assessment/placeRequirements.ts';
import type { PlacedRequirement } from '../../../../server/src/core/assessment/requirement.ts';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';
import type { PlacedProblem } from '../../../../server/src/core/text/position.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';

const openly = (): boolean => false;

function asked({ subject, decidedBy }: PlacedRequirement): string {
  if (subject.kind === 'settled') return subject.outcome.reason;
  const { lookup } = subject;
  return 'version' in lookup ? `${lookup.version}${decidedBy === undefined ? '' : ' by another line'}` : lookup.text;
}

function askedIn(text: string): readonly string[] {
  return askedOf('requirements.txt', text);
}

function askedOf(path: string, text: string): readonly string[] {
  const file = kindOfNamed(path).parse(text);
  return placeRequirements(file, rememberedTargets(openly, nothingDecided)).requirements.map(asked);
}

function problemsIn(text: string): readonly PlacedProblem[] {
  return placeRequirements(pipKind.parse(text), rememberedTargets(openly, nothingDecided)).problems;
}

describe('lines about one package', () => {
  it('do not limit each other in a lock, which has several versions side by side', () => {
    const entry = (version: string): string => `[[package]]\nname = "six"\nversion = "${version}"\n`;
    const { requirements } = placeRequirements(
      kindOfNamed('poetry.lock').parse(entry('1.16.0') + entry('1.17.0')),
      rememberedTargets(openly, nothingDecided),
    );
    assert.deepEqual(
      requirements.map(({ within }) => within),
      [undefined, undefined],
    );
  });

  for (const [text, expected] of [
    ['net>=1\nNet<2\n', ['>=1,<2', '<2,>=1']],
    ['net==1.5\nnet\nnet[x]<2\n', ['1.5', '1.5 by another line', '1.5 by another line']],
    ['net==1.5 ; sys_platform == "win32"\nnet\n', ['1.5', '']],
    ['net==1.5\nnet ; sys_platform == "win32"\n', ['1.5', '1.5 by another line']],
    ['net>=2 ; python_version < "3"\nnet<2 ; python_version >= "3"\n', ['>=2', '<2']],
    ['net<2\nnet>=3\n', ['contradictory', 'contradictory']],
    ['net\nnet\nweb\n', ['', '', '']],
  ] as const) {
    it(`are taken together: ${JSON.stringify(text)}`, () => assert.deepEqual(askedIn(text), expected));
  }

  for (const [what, path, text, expected] of [
    [
      'another extra, group or environment',
      'pyproject.toml',
      `[project]
dependencies = ["net>=1", "web>=1"]
[project.optional-dependencies]
x = ["net==1.5"]
y = ["net<1.6"]
[dependency-groups]
old = ["net==1.4", "net>=1.3"]
[tool.hatch.envs.least]
dependencies = ["web==1"]
`,
      ['>=1', '>=1', '1.5', '<1.6,>=1', '1.4', '1.4 by another line', '1'],
    ],
    [
      'another table of Pixi, but that of its feature',
      'pixi.toml',
      `[pypi-dependencies]
net = ">=1"
[feature.a.pypi-dependencies]
net = "==1.5"
[feature.a.target.osx.pypi-dependencies]
net = "*"
[feature.b.pypi-dependencies]
net = "<1.2"
`,
      ['>=1', '1.5', '1.5 by another line', '<1.2,>=1'],
    ],
    [
      'packages for development',
      'Pipfile',
      `[packages]
net = "*"
web = "==1"
[dev-packages]
net = "==1"
web = "*"
`,
      ['', '1', '1', '1 by another line'],
    ],
  ] as const) {
    it(`are not decided by ${what}`, () => assert.deepEqual(askedOf(path, text), expected));
  }

  it('end, however many there are', () => {
    const requirements = askedIn(`net<2\n${'net\n'.repeat(8_000)}`);
    assert.equal(requirements.length, 8_001);
    assert.equal(requirements.at(-1), '<2');
  });

  it('count, however many say the same before them', () => {
    const lines = `net>=1\n${'net<9\nnet>1\n'.repeat(300)}net==1.5\nnet\n`;
    assert.equal(askedIn(lines).at(-1), '1.5 by another line');
    assert.deepEqual(problemsIn(lines), []);
  });

  it('say so where more of them say something else than count', () => {
    const pins = Array.from({ length: 201 }, (_, at) => `net!=1.${at}\n`).join('');
    const problems = problemsIn(`${pins}web\nweb<2\n`);
    assert.equal(problems.length, 201);
    assert.deepEqual(
      [problems[200]?.range.start.line, problems[200]?.code, problems[200]?.message],
      [
        200,
        'ignored.lines',
        '201 lines of this file ask for different versions of net. Only the first 200 count for this line.',
      ],
    );
    assert.deepEqual(problemsIn(pins.replace('net!=1.7\n', '')), []);
  });

  it('say so where they name more versions than count', () => {
    const clauses = Array.from({ length: 999 }, (_, at) => `!=1.${at}`).join(',');
    const problems = problemsIn(`net${clauses}\nnet>1,<3\n`);
    assert.deepEqual(
      problems.map(({ message }) => message),
      Array.from({ length: 2 }, () => 'Other lines name too many versions of net. They do not count for this line.'),
    );
  });

  it('are taken together after every edit as from the beginning', () => {
    const line = fc.constantFrom(
      'net',
      'net>=1',
      'net<2',
      'net==1.5',
      'web',
      'web>=3',
      '',
      '# note',
      'net>=1 ; python_version < "3"',
    );
    const edit = fc.record({
      at: fc.nat(8),
      text: fc.constantFrom('', '\n').chain((end) => line.map((one) => one + end)),
      cut: fc.nat(2),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.array(edit, { maxLength: 6 }), (lines, edits) => {
        const placer = new RequirementPlacer(rememberedTargets(openly, nothingDecided));
        let file = pipKind.parse(lines.map((one) => `${one}\n`).join(''));
        placer.place(file);
        for (const { at, text, cut } of edits) {
          const starts = [...Array.from(file.lineStarts), file.length];
          const start = starts[Math.min(at, starts.length - 1)] ?? 0;
          const end = starts[Math.min(at + cut, starts.length - 1)] ?? start;
          file = file.edit([{ start, end, text }]);
          assert.deepEqual(placer.place(file).requirements.map(asked), askedIn(file.text), file.text);
        }
      }),
      { numRuns: 300 },
    );
  });
});
