import assert from 'node:assert/strict';
import { placeRequirements, rememberedTargets } from '../../../server/src/core/assessment/placeRequirements.ts';
import type { IncludeEdge } from '../../../server/src/core/manifests/includeGraph.ts';
import { kindOfNamed } from '../../../server/src/core/manifests/manifestKinds.ts';
import { constraintsIn, decidedFor } from '../../../server/src/project/decided.ts';
import { includesOf } from '../../../server/src/project/reading/includes.ts';

type Files = Readonly<Record<string, string>>;

/** What is asked about each requirement of a file: a version that something decides, or what is written. */
function askedIn(files: Files, name: string): readonly string[] {
  const parsed = new Map(Object.entries(files).map(([path, text]) => [path, kindOfNamed(path).parse(text)]));
  const edges = [...parsed].flatMap(([from, file]) =>
    includesOf(file).map(({ target, kind, part }): IncludeEdge => ({ from, to: target, kind, ...(part && { part }) })),
  );
  const constraintsOf = constraintsIn(edges, (path) => {
    const file = parsed.get(path);
    return file && { source: path, file };
  });
  const file = parsed.get(name);
  assert.ok(file);
  const targets = rememberedTargets(() => false, decidedFor(name, constraintsOf(name)));
  return placeRequirements(file, targets).requirements.map(({ name: written, subject, decidedBy }) => {
    if (subject.kind === 'settled') return `${written}: ${subject.outcome.reason}`;
    const { lookup } = subject;
    const text = 'version' in lookup ? lookup.version : lookup.text;
    return `${written}: ${text}${decidedBy === undefined ? '' : ` by ${decidedBy.source}`}`;
  });
}

describe('what a part of a file names', () => {
  const tox = `[testenv:a]
deps =
  -r a.txt
  net
[testenv:b]
deps =
  -c b.txt
  net
  web
[testenv:c]
deps =
  net
  web>=1
  old: -c old.txt
  old: web
`;
  const files = { 'tox.ini': tox, 'a.txt': 'net==1\nweb\n', 'b.txt': 'net==2\nweb==2\n', 'old.txt': 'web==3\n' };

  it('decides the versions of that environment, and of no other', () => {
    assert.deepEqual(askedIn(files, 'tox.ini'), [
      'net: 1 by a.txt',
      'net: 2 by b.txt',
      'web: 2 by b.txt',
      'net: ',
      'web: >=1',
      'web: 3 by old.txt',
    ]);
  });

  it('is not limited by the constraints of another environment', () => {
    assert.deepEqual(askedIn(files, 'a.txt'), ['net: 1', 'web: ']);
  });

  it('holds for the extras of a project, too, where the project itself asks for it', () => {
    const all = {
      'setup.cfg': `[options]
install_requires = file: base.txt
[options.extras_require]
test =
    net
    web
docs = file: docs.txt
`,
      'base.txt': 'net==1\n',
      'docs.txt': 'web==2\n',
    };
    assert.deepEqual(askedIn(all, 'setup.cfg'), ['net: 1 by base.txt', 'web: ']);
  });

  it('holds for all commands of an image', () => {
    const all = { Dockerfile: 'RUN pip install -c c.txt net\nRUN pip install web\n', 'c.txt': 'net==1\nweb==2\n' };
    assert.deepEqual(askedIn(all, 'Dockerfile'), ['net: 1 by c.txt', 'web: 2 by c.txt']);
  });

  it('is contradictory where two files of one environment are', () => {
    const all = {
      'tox.ini': '[testenv:a]\ndeps =\n  -c x.txt\n  -c y.txt\n  net\n',
      'x.txt': 'net==1\n',
      'y.txt': 'net==2\n',
    };
    assert.deepEqual(askedIn(all, 'tox.ini'), ['net: contradictory']);
  });
});
