import assert from 'node:assert/strict';
import { requiredByIn } from '../../../../server/src/core/assessment/requiredBy.ts';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';

interface Locked {
  readonly version?: string;
  readonly source?: string;
  /** "name" or "name 1.0", where only that version is meant. */
  readonly needs?: readonly string[];
}

/** A uv.lock of these packages, as `[name, what is said of it]`. */
function lockOf(packages: readonly (readonly [string, Locked])[], members: readonly string[] = []): string {
  const head = members.length === 0 ? '' : `[manifest]\nmembers = ${JSON.stringify(members)}\n`;
  const tables = packages.map(
    ([name, { version = '1.0', source = 'registry = "https://pypi.org/simple"', needs = [] }]) => {
      const edges = needs.map((need) => {
        const [child, only] = need.split(' ');
        return `{ name = "${child}"${only === undefined ? '' : `, version = "${only}"`} }`;
      });
      return `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = { ${source} }\ndependencies = [${edges.join(', ')}]\n`;
    },
  );
  return [head, ...tables].join('\n');
}

function chainsIn(text: string): readonly string[] {
  const file = kindOfNamed('uv.lock').parse(text);
  const tell = requiredByIn(file);
  return [...file.entries.keys()].map((index) => (tell?.(index)?.chain ?? []).join(' > '));
}

describe('the way to a package of a lock', () => {
  const shop = { source: 'editable = "."', needs: ['web', 'old'] };

  it('is that of its own version, where several are locked', () => {
    const text = lockOf([
      ['shop', shop],
      ['web', { needs: ['core 2.0'] }],
      ['old', { needs: ['glue'] }],
      ['glue', { needs: ['core 1.0'] }],
      ['core', { version: '1.0' }],
      ['core', { version: '2.0', needs: ['leaf'] }],
      ['leaf', {}],
    ]);
    assert.deepEqual(chainsIn(text), ['', '', '', 'old', 'old > glue', 'web', 'web > core']);
  });

  it('begins behind the members of a workspace, also where one asks for the other', () => {
    const text = lockOf(
      [
        ['shop', { ...shop, needs: ['shop-api'] }],
        ['shop-api', { source: 'editable = "api"', needs: ['web', 'shop'] }],
        ['web', { needs: ['core'] }],
        ['core', {}],
      ],
      ['shop', 'shop-api'],
    );
    assert.deepEqual(chainsIn(text), ['', '', '', 'web']);
  });

  it('ends in a circle', () => {
    const text = lockOf([
      ['shop', shop],
      ['web', { needs: ['core'] }],
      ['core', { needs: ['web'] }],
      ['old', {}],
    ]);
    assert.deepEqual(chainsIn(text), ['', '', 'web', '']);
  });
});
