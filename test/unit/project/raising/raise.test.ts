import assert from 'node:assert/strict';
import type { Raise } from '../../../../server/src/core/assessment/advice/raise.ts';
import { type Bound, boundOf } from '../../../../server/src/core/fixes/bound.ts';
import { installedTreePackage } from '../../../../server/src/core/manifests/installedTree.ts';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';
import type { MarkerTree } from '../../../../server/src/core/markers/markerTree.ts';
import type { LockedTree } from '../../../../server/src/core/manifests/lockedTree.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { parseVersion } from '../../../../server/src/core/versions/version.ts';
import { type Declared, raiseFor } from '../../../../server/src/project/raising/raise.ts';

const linux = new Map([
  ['python_version', '3.12'],
  ['sys_platform', 'linux'],
]);

/** What releases of the index ask for: "flask 2.0". */
type Index = Readonly<Record<string, readonly string[] | undefined>>;

interface Case {
  /** What is installed. */
  readonly there: Readonly<Record<string, readonly string[]>>;
  readonly index?: Index;
  readonly declared: Readonly<Record<string, Partial<Declared>>>;
  readonly of: string;
  readonly safe: readonly string[];
  /** Releases that are not to be advised. */
  readonly unfit?: readonly string[];
  /** The tree is that of a lock: it does not record which versions are asked for. */
  readonly isLock?: boolean;
  readonly asked?: string[];
  /** Releases that could not be checked. */
  readonly doubtful?: readonly string[];
  /** What is no release of an index, and asks for some of it. */
  readonly projects?: LockedTree['packages'];
  /** What other lines ask of packages. */
  readonly limits?: Readonly<Record<string, readonly Bound[]>>;
  /** What markers stand for; linux where absent. */
  readonly values?: ReadonlyMap<string, string>;
  readonly demand?: MarkerTree;
}

function parsedMarker(text: string): MarkerTree {
  const file = kindOfNamed('requirements.txt').parse(`x; ${text}\n`);
  const content = file.contentOf(0);
  assert.ok(content?.kind === 'index' && content.marker);
  return content.marker.tree;
}

const version = (text: string) => {
  const read = parseVersion(text);
  assert.ok(read);
  return read;
};

function raise({
  there,
  index = {},
  declared,
  of,
  safe,
  unfit = [],
  isLock,
  asked = [],
  doubtful = [],
  projects = [],
  limits = {},
  values = linux,
  demand,
}: Case): Promise<Raise> {
  const installed = Object.entries(there).flatMap(([release, requires]) => {
    const [name = '', text = ''] = release.split(' ');
    return installedTreePackage({ name, version: text, requires, isRequested: false }, linux);
  });
  const packages: LockedTree['packages'] = isLock
    ? installed.map((one) => ({
        ...one,
        needs: one.needs.map((need) => ({
          name: need.name,
          ...(need.extra && { extra: need.extra }),
          ...(need.extras && { extras: need.extras }),
        })),
      }))
    : installed;
  const known: Index = { ...there, ...index };
  const names = Object.entries(declared).map(
    ([name, { extras = [], allows = () => true, files = 1 }]) =>
      [normalizeName(name), { extras, allows, files }] as const,
  );
  return raiseFor(
    {
      tree: { packages: [...packages, ...projects] },
      name: normalizeName(of),
      safe: safe.map(version),
      declared: new Map(names),
      limitsOn: (name) => limits[name] ?? [],
      values,
      demand,
    },
    {
      requiresOf: (pins) => {
        const releases = pins.map((pin) => `${pin.name} ${pin.version}`);
        asked.push(...releases);
        return Promise.resolve(releases.map((one) => known[one] ?? { why: `nobody knows ${one}` }));
      },
      releasesOf: (name) => {
        const all = Object.keys(known).filter((one) => one.startsWith(`${name} `));
        const releases = all.map((one) => ({ version: version(one.split(' ')[1] ?? ''), yanked: false, files: [] }));
        return Promise.resolve(releases.sort((a, b) => (a.version.key < b.version.key ? -1 : 1)));
      },
      isFit: (pin) => {
        const release = `${pin.name} ${pin.version}`;
        return Promise.resolve(
          doubtful.includes(release) ? { why: `${release} could not be checked` } : !unfit.includes(release),
        );
      },
    },
  );
}

describe('what has to be raised for a safe version', () => {
  const flask = { 'flask 1.0': ['werkzeug<1'], 'werkzeug 0.16': [] };
  const newer: Index = { 'flask 1.1': ['werkzeug<2'], 'flask 2.0': ['werkzeug>=2'], 'flask 3.0': ['werkzeug>=3'] };
  const usual: Case = { there: flask, index: newer, declared: { flask: {} }, of: 'werkzeug', safe: ['2.3', '3.0'] };

  it('is nothing where all allow one, and asks nothing', async () => {
    const asked: string[] = [];
    const there = { 'flask 1.0': ['werkzeug>=0.14'], 'werkzeug 0.16': [] };
    assert.deepEqual(await raise({ ...usual, there, asked }), { kind: 'none', allows: '2.3' });
    assert.deepEqual(asked, []);
  });

  it('is the nearest release that allows a safe version', async () => {
    assert.deepEqual(await raise(usual), {
      kind: 'raise',
      name: 'flask',
      version: '2.0',
      allows: '2.3',
      along: ['flask'],
    });
    assert.deepEqual(await raise({ ...usual, safe: ['1.5', '2.3'] }), {
      kind: 'raise',
      name: 'flask',
      version: '1.1',
      allows: '1.5',
      along: ['flask'],
    });
    assert.deepEqual(await raise({ ...usual, isLock: true }), await raise(usual));
  });

  it('passes what is vulnerable itself, yanked or not for this Python, and what other lines do not allow', async () => {
    assert.deepEqual(await raise({ ...usual, unfit: ['flask 2.0'] }), {
      kind: 'raise',
      name: 'flask',
      version: '3.0',
      allows: '3.0',
      along: ['flask'],
    });
    const below2 = { allows: (one: { readonly key: string }) => one.key < version('2').key };
    assert.deepEqual(await raise({ ...usual, declared: { flask: below2 } }), {
      kind: 'barred',
      why: 'flask 1.0 does not allow it, and no later version of flask that does can be advised',
    });
  });

  it('honours markers and extras', async () => {
    const index = {
      'flask 1.1': ['werkzeug<2; python_version < "3"', 'werkzeug>=2; python_version >= "3"'],
      'flask 2.0': [],
    };
    assert.deepEqual(await raise({ ...usual, index }), {
      kind: 'raise',
      name: 'flask',
      version: '1.1',
      allows: '2.3',
      along: ['flask'],
    });
    const there = { 'flask 1.0': ['werkzeug<1; extra == "x"'], 'werkzeug 0.16': [] };
    const withExtra = { 'flask 1.1': ['werkzeug<1; extra == "x"'], 'flask 1.2': ['werkzeug; extra == "x"'] };
    const found = await raise({ ...usual, there, index: withExtra, declared: { flask: { extras: ['x'] } } });
    assert.equal(found.kind === 'raise' && found.version, '1.2');
    assert.deepEqual(await raise({ ...usual, there, index: withExtra }), { kind: 'none', allows: '2.3' });
    const locked = await raise({ ...usual, there, index: withExtra, isLock: true });
    assert.equal(locked.kind === 'raise' && locked.version, '1.2', 'a lock does not say which extras are asked for');
  });

  it('goes up the way to what is declared', async () => {
    const there = { 'shop 1.0': ['flask<2'], 'flask 1.0': ['werkzeug<1'], 'werkzeug 0.16': [] };
    const index = { ...newer, 'shop 1.5': ['flask<3'], 'shop 2.0': ['flask'] };
    const found = await raise({ ...usual, there, index, declared: { shop: {} }, safe: ['3.0'] });
    assert.deepEqual(found, { kind: 'raise', name: 'shop', version: '1.5', allows: '3.0', along: ['shop', 'flask'] });
    const open = { ...there, 'shop 1.0': ['flask'] };
    const own = await raise({ ...usual, there: open, index: newer, declared: { shop: {} } });
    assert.deepEqual(own, { kind: 'raise', name: 'flask', version: '2.0', allows: '2.3', along: ['flask'] });
  });

  it('asks every other package, of what is raised, too', async () => {
    const capped = { ...flask, 'other 1.0': ['werkzeug<1'] };
    assert.deepEqual(await raise({ ...usual, there: capped, declared: { flask: {}, other: {} } }), {
      kind: 'barred',
      why: 'neither flask 1.0 nor other 1.0 allows it',
    });
    const held = { ...flask, 'other 1.0': ['flask<2'] };
    assert.deepEqual(await raise({ ...usual, there: held, declared: { flask: {} }, index: newer }), {
      kind: 'barred',
      why: 'flask 1.0 does not allow it, and no later version of flask that does can be advised',
    });
    const narrow = { ...flask, 'other 1.0': ['werkzeug!=2.3'], 'third 1.0': ['werkzeug<3'] };
    const names = { flask: {}, other: {}, third: {} };
    const found = await raise({ ...usual, there: narrow, declared: names, safe: ['2.3', '2.4', '3.0'] });
    assert.deepEqual(found, { kind: 'raise', name: 'flask', version: '2.0', allows: '2.4', along: ['flask'] });
  });

  it('passes a release that asks for what others do not allow', async () => {
    const there = { ...flask, 'click 7.0': [], 'other 1.0': ['click<8'] };
    const index = { 'flask 2.0': ['werkzeug>=2', 'click>=8'], 'flask 2.1': ['werkzeug>=2', 'click>=7.1'] };
    const found = await raise({ ...usual, there, index, declared: { flask: {}, other: {} } });
    assert.equal(found.kind === 'raise' && found.version, '2.1');
    const pinned = await raise({
      ...usual,
      there: { ...flask, 'click 7.0': [] },
      index,
      declared: { flask: {}, click: {} },
    });
    assert.equal(pinned.kind, 'barred');
  });

  it('says nothing where a release in between is not known, or where something else is not', async () => {
    assert.deepEqual(await raise({ ...usual, index: { ...newer, 'flask 1.1': undefined } }), {
      kind: 'unknown',
      why: 'nobody knows flask 1.1',
    });
    assert.deepEqual(await raise({ ...usual, index: {} }), {
      kind: 'barred',
      why: 'neither flask 1.0 nor a later version of it allows it',
    });
    assert.deepEqual(await raise({ ...usual, safe: [] }), {
      kind: 'unknown',
      why: 'no later version of werkzeug is known to be safe',
    });
    const broken = { ...flask, 'odd 1.0': ['werkzeug>=nothing'] };
    assert.deepEqual(await raise({ ...usual, there: broken, declared: { flask: {}, odd: {} } }), {
      kind: 'barred',
      why: 'neither flask 1.0 nor odd 1.0 allows it',
    });
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`flask 1.${at + 1}`, ['werkzeug<1']]));
    const asked: string[] = [];
    assert.deepEqual(await raise({ ...usual, index: { ...many, 'flask 2.0': [] }, asked }), {
      kind: 'unknown',
      why: 'none of the next 30 versions of flask allows it',
    });
    assert.equal(asked.length, 30);
  });

  it('says nothing where it is not known of every package what it asks for', async () => {
    const question = {
      name: normalizeName('werkzeug'),
      safe: [version('2.3')],
      declared: new Map(),
      values: linux,
      limitsOn: () => [],
    };
    const all = { name: 'werkzeug', version: '0.16', requires: [], isRequested: false };
    const packages = installedTreePackage(all, linux);
    const broken = installedTreePackage({ name: 'odd', version: '1', unread: 'The metadata …' }, linux);
    const nobody = () => assert.fail('nobody is to be asked');
    const ports = { requiresOf: nobody, releasesOf: nobody, isFit: nobody };
    for (const tree of [{ packages: [...packages, ...broken] }, { packages, isPartial: true } as const]) {
      assert.deepEqual(await raiseFor({ ...question, tree }, ports), {
        kind: 'unknown',
        why: 'it is not known of every package what it asks for',
      });
    }
  });

  it('says nothing where what holds a release is not known, or whether it can be advised', async () => {
    const there = { ...flask, 'click 7.0': [], 'other 1.0': ['click'] };
    const index = { 'flask 2.0': ['werkzeug>=2', 'click>=8'], 'flask 2.1': ['werkzeug>=2'], 'other 1.0': undefined };
    const found = await raise({ ...usual, there, index, declared: { flask: {}, other: {} }, isLock: true });
    assert.deepEqual(found, { kind: 'unknown', why: 'nobody knows other 1.0' });
    assert.deepEqual(await raise({ ...usual, doubtful: ['flask 2.0'] }), {
      kind: 'unknown',
      why: 'flask 2.0 could not be checked',
    });
  });

  it('says nothing where another project of the lock declares it, too, and was not read', async () => {
    const project = (name: string) => ({
      name: normalizeName(name),
      version: undefined,
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      needs: [{ name: normalizeName('flask') }],
    });
    const projects = [project('mine'), project('theirs')];
    assert.deepEqual(await raise({ ...usual, projects }), {
      kind: 'unknown',
      why: 'flask is declared in a file that was not read, too',
    });
    assert.equal((await raise({ ...usual, projects, declared: { flask: { files: 2 } } })).kind, 'raise');
  });

  it('judges markers by what holds in every environment that is meant, and says where it depends on more', async () => {
    const demand = parsedMarker('python_full_version >= "3.9"');
    const index = {
      'flask 1.1': ['werkzeug<2; python_version < "3.8"', 'werkzeug<3; python_version >= "3.8"'],
      'flask 2.0': ['werkzeug<2; python_version < "3.12"', 'werkzeug'],
    };
    const question = { ...usual, index, isLock: true, values: new Map<string, string>(), safe: ['2.3', '3.0'] };
    assert.deepEqual(await raise({ ...question, demand }), {
      kind: 'raise',
      name: 'flask',
      version: '1.1',
      allows: '2.3',
      along: ['flask'],
    });
    assert.deepEqual(await raise({ ...question, demand, safe: ['3.0'] }), {
      kind: 'unknown',
      why: 'it depends on the environment whether flask 2.0 allows it',
    });
    assert.equal((await raise(question)).kind, 'unknown');
  });

  it('names the line that holds a safe version back, for all that ask for the package', async () => {
    const span = { start: 0, end: 0 };
    const below = (place: string, version: string) =>
      boundOf([{ operator: '<', operatorSpan: span, version, versionSpan: span, wildcard: false }], place, {});
    assert.deepEqual(await raise({ ...usual, limits: { werkzeug: [below('constraints.txt:3', '2')] } }), {
      kind: 'barred',
      why: 'constraints.txt:3 (<2) does not allow it',
    });
    const found = await raise({ ...usual, limits: { werkzeug: [below('constraints.txt:3', '3')] } });
    assert.deepEqual(found, { kind: 'raise', name: 'flask', version: '2.0', allows: '2.3', along: ['flask'] });
    const limits = { flask: [below('constraints.txt:4', '2')] };
    assert.equal((await raise({ ...usual, limits })).kind, 'barred', 'of what would be raised');
  });

  it('ends in circles', async () => {
    const there = { 'a 1.0': ['b<2'], 'b 1.0': ['a<2', 'werkzeug<1'], 'werkzeug 0.16': [] };
    const index = { 'a 1.5': ['b<3'], 'b 2.0': ['a', 'werkzeug'], 'a 2.0': ['b'] };
    const found = await raise({ ...usual, there, index, declared: { a: {} } });
    assert.deepEqual(found, { kind: 'raise', name: 'a', version: '1.5', allows: '2.3', along: ['a', 'b'] });
  });
});
