import assert from 'node:assert/strict';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { NeedsLibrary } from '../../../../server/src/engine/index/needsLibrary.ts';
import { noon } from '../../../support/builders.ts';
import { FakeTier } from '../../../support/fakeTier.ts';

const flask = { name: normalizeName('flask'), version: '2.0' };
const any = new AbortController().signal;

describe('what releases ask for', () => {
  it('is asked once, kept in storage, and not kept where it cannot be read', async () => {
    const tier = new FakeTier();
    const asked: string[] = [];
    const texts: Readonly<Record<string, string>> = {
      'flask 2.0':
        'Name: flask\nVersion: 2.0\nRequires-Dist: werkzeug>=2\nRequires-Dist: x; extra == "y"\n\nRequires-Dist: no\n',
      'odd 1': '<html>',
    };
    const metadata = (name: string, version: string): Promise<string | undefined> => {
      asked.push(`${name} ${version}`);
      return Promise.resolve(texts[`${name} ${version}`]);
    };
    const parts = {
      index: { metadata },
      indexId: 'https://pypi.org/simple',
      tiers: [tier],
      clock: { now: () => noon },
    };
    const library = new NeedsLibrary(parts);
    const others = ['odd', 'none'].map((name) => ({ name: normalizeName(name), version: '1' }));
    await library.ask([flask, ...others], any);
    assert.deepEqual(library.state(flask), {
      kind: 'known',
      fact: { requires: ['werkzeug>=2', 'x; extra == "y"'] },
    });
    assert.deepEqual(
      others.map((one) => library.state(one)),
      [
        { kind: 'unknown', why: 'sent no metadata', failed: true },
        { kind: 'unknown', why: 'the package index has no metadata of it', failed: false },
      ],
    );
    const before = asked.length;
    const next = new NeedsLibrary(parts);
    await next.ask([flask], any);
    assert.equal(next.state(flask).kind, 'known');
    assert.equal(asked.length, before);
    const elsewhere = new NeedsLibrary({ ...parts, indexId: 'https://other.example/simple' });
    await elsewhere.ask([flask], any);
    assert.equal(asked.length, before + 1);
  });
});
