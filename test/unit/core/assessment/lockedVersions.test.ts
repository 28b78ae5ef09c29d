import assert from 'node:assert/strict';
import {
  versionsOf,
  packagesOfEnvironment,
  packagesOfLock,
} from '../../../../server/src/core/assessment/decided/lockedVersions.ts';
import type { LockedPackage } from '../../../../server/src/core/manifests/lockedPackage.ts';
import { packagesOfPins } from '../../../../server/src/core/manifests/packagesOfPins.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';

describe('versions that locks decide', () => {
  const tables: readonly (readonly [what: string, decoded: unknown, expected: Readonly<Record<string, string>>])[] = [
    [
      'uv.lock',
      {
        version: 1,
        package: [
          { name: 'app', version: '0.1.0', source: { virtual: '.' } },
          { name: 'mine', version: '0.1.0', source: { editable: 'mine' } },
          { name: 'Django', version: '4.2.1', source: { registry: 'https://pypi.org/simple' } },
          { name: 'fork', version: '1.0', source: { git: 'https://e.org/fork?rev=1' } },
          { name: 'no-version', source: { registry: 'https://pypi.org/simple' } },
        ],
      },
      { django: '4.2.1' },
    ],
    [
      'uv.lock with one version for each Python',
      {
        package: [
          { name: 'numpy', version: '1.26.4' },
          { name: 'numpy', version: '2.1.0' },
          { name: 'six', version: '1.16' },
          { name: 'six', version: '1.16.0' },
        ],
      },
      { six: '1.16' },
    ],
    [
      'a release and a checkout of one name',
      {
        package: [
          { name: 'a', version: '1' },
          { name: 'a', version: '1', source: { git: 'x' } },
        ],
      },
      {},
    ],
    [
      'poetry.lock',
      {
        package: [
          { name: 'zope.interface', version: '5.0', optional: false, files: [{ file: 'a.whl', hash: 'sha256:0' }] },
          { name: 'ours', version: '2.0', source: { type: 'legacy', url: 'https://e.org', reference: 'ours' } },
          { name: 'forked', version: '2.0', source: { type: 'git', url: 'https://e.org' } },
        ],
        metadata: { 'lock-version': '2.1' },
      },
      { 'zope-interface': '5.0', ours: '2.0' },
    ],
    [
      'pdm.lock',
      {
        package: [
          { name: 'requests', version: '2.31.0', files: [{ url: 'https://e.org/r.whl' }] },
          { name: 'forked', version: '1', git: 'https://e.org', revision: '0' },
          { name: 'local', version: '1', path: './local' },
        ],
      },
      { requests: '2.31.0' },
    ],
    [
      'pylock.toml',
      {
        'lock-version': '1.0',
        packages: [
          { name: 'attrs', version: '25.1.0', wheels: [{ url: 'https://e.org/a.whl' }], index: 'https://pypi.org' },
          { name: 'here', directory: { path: '.' } },
          { name: 'tool', version: '1', vcs: { type: 'git' } },
          { name: 'zip', version: '1', archive: { url: 'https://e.org/z.zip' } },
        ],
      },
      { attrs: '25.1.0' },
    ],
    [
      'Pipfile.lock',
      {
        _meta: { sources: [{ name: 'pypi' }] },
        default: { django: { version: '==4.2.1', hashes: [] }, e: { editable: true, path: '.' }, any: '*' },
        develop: { pytest: { version: '==8.0.0' }, range: { version: '>=1' }, django: { version: '==4.2.1' } },
        docs: { sphinx: { version: '==8.1' } },
      },
      { django: '4.2.1', pytest: '8.0.0', sphinx: '8.1' },
    ],
    ...[
      undefined,
      null,
      1,
      'package',
      [],
      {},
      { package: 'x' },
      { package: [null, 1, [], 'a', {}] },
      { default: [1] },
    ].map((decoded) => [`nonsense: ${JSON.stringify(decoded)}`, decoded, {}] as const),
    [
      'names and versions that are none',
      {
        package: [
          { name: '../../etc', version: '1' },
          { name: 'a b', version: '1' },
          { name: '\u202Eevil', version: '1' },
          { name: 'a'.repeat(300), version: '1' },
          { name: ['a'], version: '1' },
          { name: 'b', version: 1 },
          { name: 'c', version: '1; rm -rf /' },
          { name: 'd', version: `1.${'0'.repeat(100_000)}` },
          { name: 'constructor', version: '1.0' },
        ],
        default: JSON.parse('{"__proto__": {"version": "==1.0"}}') as unknown,
      },
      { constructor: '1.0' },
    ],
  ];
  for (const [what, decoded, expected] of tables) {
    it(what, () => {
      assert.deepEqual(textsOf(packagesOfLock(decoded)), Object.entries(expected));
    });
  }
});

describe('versions that are installed', () => {
  for (const [folder, expected] of [
    ['Django-4.2.1.dist-info', [['django', '4.2.1']]],
    ['zope.interface-5.0.dist-info', [['zope-interface', '5.0']]],
    ['ruamel_yaml-0.18.6.dist-info', [['ruamel-yaml', '0.18.6']]],
    ['python-dateutil-2.9.0.post0.dist-info', [['python-dateutil', '2.9.0.post0']]],
    ['torch-2.1.0+cu118.dist-info', [['torch', '2.1.0+cu118']]],
    ['torch-2.1.0_cu118.dist-info', [['torch', '2.1.0+cu118']]],
    ['a-1.0_1.dist-info', [['a', '1.0-1']]],
    ['x-1!2.0rc1.dist-info', [['x', '1!2.0rc1']]],
    ['~jango-4.2.1.dist-info', []],
    ['-jango-4.2.1.dist-info', []],
    ['django-4.2.1.egg-info', []],
    ['django-4.2.1.dist-info.bak', []],
    ['django-.dist-info', []],
    ['-4.2.dist-info', []],
    ['.dist-info', []],
    ['dj\nango-4.2.dist-info', []],
    ['dj\u202Eango-4.2.dist-info', []],
    [`${'a-'.repeat(50_000)}1.dist-info`, []],
    ['django', []],
    ['', []],
  ] as const) {
    it(JSON.stringify(folder.slice(0, 60)), () => {
      assert.deepEqual(textsOf(packagesOfEnvironment([folder])), expected);
    });
  }

  it('in several versions decide nothing', () => {
    const folders = ['six-1.16.0.dist-info', 'django-4.2.dist-info', 'Django-4.2.1.dist-info', 'six-1.16.0.dist-info'];
    assert.deepEqual(textsOf(packagesOfEnvironment(folders)), [['six', '1.16.0']]);
    assert.deepEqual(textsOf(packagesOfEnvironment(['django-4.2.dist-info', 'django-unknown.dist-info'])), []);
  });
});

describe('versions that a compiled file pins', () => {
  it('are decided, but for what is there once for each Python, from a URL or as a range', () => {
    const lines = [
      'Django==4.2.1',
      'six==1.16.0 ; sys_platform == "win32"',
      'numpy==1.26.4 ; python_version < "3.10"',
      'numpy==2.1.0 ; python_version >= "3.10"',
      'a @ https://e.org/a.zip',
      'b>=1',
      'c==not.a.version.',
      '-e .',
      '',
    ];
    assert.deepEqual(textsOf(packagesOfPins(pipKind.parse(lines.join('\n')))), [
      ['django', '4.2.1'],
      ['six', '1.16.0'],
    ]);
  });

  it('are not decided for a name that no package can have', () => {
    assert.deepEqual(textsOf(packagesOfPins(pipKind.parse(`${'a'.repeat(256)}==1\nb==1\n`))), [['b', '1']]);
  });
});

function textsOf(packages: readonly LockedPackage[]) {
  return [...versionsOf(packages).versions].map(([name, { text }]) => [name, text]);
}
