import assert from 'node:assert/strict';
import { comesWith, indexTree } from '../../../../server/src/core/assessment/comesWith.ts';
import { installedTreePackage } from '../../../../server/src/core/manifests/installedTree.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';

const linux = new Map([
  ['python_version', '3.12'],
  ['sys_platform', 'linux'],
]);

type Needs = Readonly<Record<string, readonly string[]>>;

/** `declared`: "flask" or "flask[async,dotenv]". */
function coming(installed: Needs, ...declared: readonly string[]): readonly string[] {
  const packages = Object.entries(installed).flatMap(([release, requires]) => {
    const [name = '', version = ''] = release.split(' ');
    return installedTreePackage({ name, version, requires, isRequested: false }, linux);
  });
  const asked = new Map(
    declared.map((one) => {
      const [name = '', extras = ''] = one.replace(']', '').split('[');
      return [normalizeName(name), extras === '' ? [] : extras.split(',')] as const;
    }),
  );
  const options = { isLeftOut: () => false, extrasOf: (name: string) => asked.get(normalizeName(name)) ?? [] };
  return comesWith(indexTree({ packages }), asked.keys(), options).map(
    ({ name, version, requiredBy }) => `${name} ${version ?? '-'} < ${requiredBy?.chain.join(' > ') ?? ''}`,
  );
}

describe('who asks for whom in an environment', () => {
  it('is what the metadata say, in the old way of writing, too', () => {
    const needs = { 'Flask 1.0': ['Werkzeug (>=0.14)', 'Jinja2>=2.10'], 'Werkzeug 0.16': [], 'Jinja2 2.10': ['x y z'] };
    assert.deepEqual(coming(needs, 'flask'), ['werkzeug 0.16 < flask', 'jinja2 2.10 < flask']);
  });

  it('is what markers say of this environment', () => {
    const needs = {
      'click 8': [
        'colorama; sys_platform == "win32"',
        'importlib-metadata; python_version < "3.8"',
        'odd; os_name == "x"',
      ],
      'colorama 1': [],
      'importlib-metadata 1': [],
      'odd 1': [],
    };
    assert.deepEqual(coming(needs, 'click'), ['odd 1 < click']);
  });

  it('is with an extra only what asks for that extra', () => {
    const needs = {
      'flask 3': [
        'werkzeug',
        'asgiref; extra == "async"',
        'python-dotenv; extra == "dotenv" and python_version >= "3"',
      ],
      'werkzeug 3': [],
      'asgiref 3': [],
      'python-dotenv 1': [],
      'shop 1': ['flask[dotenv]'],
    };
    assert.deepEqual(coming(needs, 'flask'), ['werkzeug 3 < flask']);
    assert.deepEqual(coming(needs, 'flask[async]'), ['werkzeug 3 < flask', 'asgiref 3 < flask']);
    assert.deepEqual(coming(needs, 'flask', 'shop'), ['werkzeug 3 < flask', 'python-dotenv 1 < shop > flask']);
    const own = { 'a 1': ['b; extra == "x"', 'a[x]; extra == "all"'], 'b 1': [] };
    assert.deepEqual(coming(own, 'a[all]'), ['b 1 < a']);
  });

  it('looks up no checkout, and follows what it asks for', () => {
    const [mine] = installedTreePackage(
      { name: 'mine', version: '1', requires: ['six'], isRequested: true, source: 'editable' },
      linux,
    );
    assert.deepEqual([mine?.version, mine?.needs], [undefined, [{ name: 'six', specifier: '' }]]);
  });

  it('leaves open what cannot be read, and says so', () => {
    const broken = installedTreePackage({ name: 'broken', version: '1', unread: 'The metadata …' }, linux);
    const shop = installedTreePackage({ name: 'shop', version: '1', requires: ['broken'], isRequested: true }, linux);
    const found = comesWith(indexTree({ packages: [...broken, ...shop] }), [normalizeName('shop')], {
      isLeftOut: () => false,
    });
    assert.deepEqual(
      found.map(({ name, subject, requiredBy }) => [name, subject.kind, requiredBy?.chain]),
      [
        ['broken', 'lookup', ['shop']],
        ['broken', 'settled', ['shop', 'broken']],
      ],
    );
  });
});
