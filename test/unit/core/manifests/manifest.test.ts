import assert from 'node:assert/strict';
import { constraintPins } from '../../../../server/src/core/assessment/decided/constraints.ts';
import { nothingDecided } from '../../../../server/src/core/assessment/decided/decidedVersions.ts';
import type { FixAdvice } from '../../../../server/src/core/assessment/advice/fixAdvice.ts';
import { versionsOf } from '../../../../server/src/core/assessment/decided/lockedVersions.ts';
import type { Outcome } from '../../../../server/src/core/assessment/outcome.ts';
import {
  placeRequirements,
  rememberedTargets,
  RequirementPlacer,
} from '../../../../server/src/core/assessment/placeRequirements.ts';
import type { PlacedRequirement } from '../../../../server/src/core/assessment/requirement.ts';
import { fixFiles } from '../../../../server/src/core/fixes/fixFiles.ts';
import { originsOf } from '../../../../server/src/core/fixes/originsOf.ts';
import { fixScope } from '../../../../server/src/core/fixes/fixScope.ts';
import { usualPolicy } from '../../../../server/src/core/fixes/fixPolicy.ts';
import { kindOf, kindOfNamed, manifestKinds } from '../../../../server/src/core/manifests/manifestKinds.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';
import { renderReport } from '../../../../server/src/core/report/renderReport.ts';
import type { ScanReport } from '../../../../server/src/core/report/scanReport.ts';
import { documentSymbols } from '../../../../server/src/features/symbols.ts';
import { assessed, finding } from '../../../support/builders.ts';
import { listKind } from '../../../support/listKind.ts';
import { textAt } from '../../../support/ranges.ts';

const text = 'Django 4.2.1\nsix\nflask one\nsee other.list\nrequests 2.0 (dev)\n';
const advice: FixAdvice = { nearest: '4.2.2', latest: undefined, verified: true, passedOver: [] };
const vulnerable: Outcome = { ...assessed([finding()]), fix: advice };
const openly = (): boolean => false;

describe('a manifest of any kind', () => {
  const file = listKind.parse(text);
  const { requirements, problems } = placeRequirements(file, rememberedTargets(openly, nothingDecided));

  it('is assessed entry by entry', () => {
    assert.deepEqual(requirements.map(asked), [
      'Django ask django 4.2.1',
      'six ask six',
      'flask invalid',
      'requests ask requests 2.0',
    ]);
    assert.deepEqual(
      requirements.map(({ tokenRange }) => textAt(text, tokenRange)),
      ['4.2.1', 'six', 'flask', '2.0'],
    );
    assert.deepEqual(
      problems.map(({ message, range }) => [message, textAt(text, range)]),
      [['"flask one" is no line of a list.', 'flask one']],
    );
  });

  it('keeps back what is private', () => {
    const placed = placeRequirements(
      file,
      rememberedTargets((name) => name === 'six', nothingDecided),
    );
    assert.ok(placed.requirements[1]?.subject.kind === 'settled');
  });

  it('decides what another one leaves open, as a lock and as a constraints file', () => {
    const open = pipKind.parse('django\n');
    const { versions } = versionsOf(file.decides ?? []);
    const locked = [{ kind: 'lock', source: 'a.list', versions }] as const;
    const constraints = constraintPins([{ source: 'a.list', file, uri: 'file:///a.list' }]);
    for (const decided of [
      { ...nothingDecided, locked },
      { ...nothingDecided, constraints },
    ]) {
      const [placed] = placeRequirements(open, rememberedTargets(openly, decided)).requirements;
      assert.equal(placed?.version, '4.2.1');
    }
  });

  it('names the files that it includes', () => {
    assert.deepEqual(
      file.includes.map(({ kind, target, index }) => [kind, target.text, index]),
      [['include', 'other.list', 3]],
    );
  });

  it('is in every report, with what could not be read', () => {
    const report: ScanReport = {
      source: { kind: 'osv', url: 'https://api.osv.dev' },
      files: [{ path: 'a.list', requirements: requirements.map(withOutcome), problems }],
      statistics: {
        requests: { querybatch: 0, query: 0, vulns: 0 },
        retries: 0,
        cache: { hits: 0, misses: 0, hitRate: 0 },
        durationMs: 0,
      },
    };
    const context = { tool: { name: 'pinwatch', version: '0' }, time: '2026-01-01T00:00:00Z' };
    for (const format of ['text', 'json', 'sarif', 'cyclonedx', 'markdown', 'github'] as const) {
      const said = renderReport(format, report, context);
      assert.match(said, /a\\?\.list/u, format); // Markdown has it escaped
      assert.match(said, /django/iu, format);
      assert.match(said, /is no line of a list/u, format);
    }
  });

  it('is not changed by fixes where it is only read, and says so', () => {
    const scope = fixScope([{ source: 'a.list', shown: 'a.list', file }], []);
    const { changes, fixed, left } = fixFiles(
      [
        {
          source: 'a.list',
          requirements: requirements.map((requirement) => ({ requirement, outcome: withOutcome(requirement).outcome })),
        },
      ],
      { scope, filesOf: () => undefined, factsOf: () => undefined, policy: usualPolicy },
    );
    assert.deepEqual([changes.size, fixed], [0, []]);
    assert.deepEqual(
      left.map(({ line, name, from, reason }) => [line, name, from, reason]),
      [[0, 'Django', '4.2.1', readOnly('Django')]],
    );
  });

  it('is where a line of a compiled file comes from, if that was made from it', () => {
    const compiled = pipKind.parse(
      '# This file was autogenerated by uv via the following command:\n#    uv pip compile a.list\ndjango==4.2.1\n',
    );
    const { direct, places } = originsOf(compiled, 0, [{ source: 'a.list', file }]);
    assert.deepEqual([direct, places.map(({ index }) => index)], [true, [0]]);
  });

  it('is read again after an edit, and what did not change stays the same', () => {
    const placer = new RequirementPlacer(rememberedTargets(openly, nothingDecided));
    const pip = pipKind.parse('a==1\nb==2\n');
    const before = placer.place(pip).requirements;
    const after = placer.place(pip.edit([{ start: 3, end: 4, text: '7' }])).requirements;
    assert.equal(after[0]?.version, '7');
    assert.equal(after[1], before[1]);
    assert.equal(file.edit([{ start: 7, end: 12, text: '5' }]).contentOf(0)?.text, 'Django 5');
  });

  it('has an outline', () => {
    assert.deepEqual(
      documentSymbols(file).map(({ name, selectionRange }) => [name, textAt(text, selectionRange)]),
      [
        ['Django', 'Django'],
        ['six', 'six'],
        ['flask', 'flask'],
        ['requests', 'requests'],
      ],
    );
  });
});

describe('the kind of a manifest', () => {
  const usual = { include: [], exclude: [] };

  it('is told by the path', () => {
    assert.equal(kindOf('a/requirements.txt', usual), pipKind);
    assert.equal(kindOf('a\\constraints\\dev.in', usual), pipKind);
    assert.equal(kindOf('a/notes.txt', usual), undefined);
    assert.equal(kindOf('a/notes.txt', { include: ['**/notes.txt'], exclude: [] }), pipKind);
    assert.equal(kindOf('a/notes.txt', usual, true), pipKind);
    assert.equal(kindOf('a/requirements.txt', { include: [], exclude: ['a/**'] }, true), undefined);
  });

  it('is that of a requirements file for a file of any name that someone names', () => {
    assert.equal(kindOfNamed('-'), pipKind);
    assert.equal(kindOfNamed('anything'), pipKind);
  });

  it('has a name of its own', () => {
    const ids = manifestKinds.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });
});

function readOnly(name: string): string {
  return `${name} is in a file that Pinwatch only reads: change what the file is made from, and make it again.`;
}

function withOutcome(requirement: PlacedRequirement) {
  const { subject, normalizedName } = requirement;
  const answer = normalizedName === 'django' ? vulnerable : assessed([]);
  return { ...requirement, outcome: subject.kind === 'settled' ? subject.outcome : answer };
}

function asked({ name, subject }: PlacedRequirement): string {
  if (subject.kind === 'settled') return `${name} ${subject.outcome.reason}`;
  const version = 'version' in subject.lookup ? ` ${subject.lookup.version}` : '';
  return `${name} ask ${subject.lookup.name}${version}`;
}
