import assert from 'node:assert/strict';
import { nothingDecided } from '../../../../server/src/core/assessment/decided/decidedVersions.ts';
import { comesWith, indexTree } from '../../../../server/src/core/assessment/comesWith.ts';
import { placeRequirements, rememberedTargets } from '../../../../server/src/core/assessment/placeRequirements.ts';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { parseVersion } from '../../../../server/src/core/versions/version.ts';
import { packageKnowledge } from '../../../../server/src/engine/store/packageKnowledge.ts';
import type { EngineHolder } from '../../../../server/src/lsp/tasks/engineHolder.ts';
import type { LockStore } from '../../../../server/src/lsp/tasks/lockStore.ts';
import { Raises } from '../../../../server/src/lsp/tasks/raises.ts';
import { fileId } from '../../../../server/src/project/fileId.ts';
import type { FileSnapshot } from '../../../../server/src/project/workspace/fileSnapshot.ts';
import type { ComesWith, LineState } from '../../../../server/src/project/workspace/lineState.ts';
import { defaultSettings } from '../../../../protocol/settings.ts';
import { assessed, finding } from '../../../support/builders.ts';
import { FakeScanner } from '../../../support/fakeScanner.ts';
import { FakeTimers } from '../../../support/fakeTimers.ts';
import { lockedTree } from '../../../support/lockedTree.ts';

const id = fileId('file:///project/pyproject.toml');
const minuteMs = 60_000;

function released(version: string) {
  const parsed = parseVersion(version);
  assert.ok(parsed);
  return { version: parsed, yanked: false, files: [] };
}

describe('what is known of what to raise', () => {
  const text = '[project]\nname = "mine"\nversion = "1"\ndependencies = ["flask>=1"]\n';
  const source = lockedTree('uv.lock', { mine: ['flask'], 'flask 1.0': ['jinja2'], 'jinja2 2.10': [] });
  assert.ok(source.tree);
  let now: number;
  let asked: string[];
  let flask: readonly string[];
  let raises: Raises;
  let engine: object;
  let snapshot: FileSnapshot;

  beforeEach(() => {
    now = 1_000_000_000_000;
    asked = [];
    flask = ['1.0', '2.0'];
    const scanner = new FakeScanner();
    const name = normalizeName('jinja2');
    const releases = ['2.10', '3.1.6'].map(released);
    scanner.packages.set(name, packageKnowledge({ name, advisories: [], releases, checkedAt: now, fetchedAt: now }));
    engine = {
      scanner,
      index: {
        releases: (one: string) => {
          asked.push(one);
          return Promise.resolve(flask.map(released));
        },
      },
      needs: {
        ask: () => Promise.resolve(),
        state: ({ version }: { readonly version: string }) => ({
          kind: 'known',
          fact: { requires: [version === '1.0' ? 'jinja2<3' : 'jinja2>=3'] },
        }),
      },
    };
    const file = kindOfNamed('pyproject.toml').parse(text);
    const { requirements } = placeRequirements(
      file,
      rememberedTargets(() => false, nothingDecided),
    );
    const outcome = assessed([finding({ id: 'CVE-1' })]);
    const state = { kind: 'settled', outcome: { ...outcome, fix: { ...outcome.fix, nearest: '3.1.6' } } };
    const lines = comesWith(indexTree(source.tree ?? { packages: [] }), [normalizeName('flask')], {
      isLeftOut: () => false,
    }).map((requirement) => ({ requirement, state }) as unknown as LineState);
    const comes: ComesWith = { source, lines };
    snapshot = {
      id,
      file,
      lines: requirements.map((requirement) => ({ requirement, state, comes }) as unknown as LineState),
      settings: { ...defaultSettings, privatePackages: [] },
    } as unknown as FileSnapshot;
    const holder = {
      get engine() {
        return engine;
      },
    } as unknown as EngineHolder;
    const locks = {
      known: new Map([[id, [source]]]),
      knownPython: () => undefined,
      ownIndexOf: () => undefined,
    } as unknown as LockStore;
    const workspace = { snapshot: () => snapshot, folders: [] } as unknown as ConstructorParameters<typeof Raises>[3];
    raises = new Raises(
      { timers: new FakeTimers(), clock: { now: () => now } },
      holder,
      locks,
      workspace,
      new AbortController().signal,
    );
  });

  async function look(): Promise<string | undefined> {
    const [line] = snapshot.lines;
    const coming = line?.comes?.lines[0];
    assert.ok(line?.comes && coming);
    await raises.lookInto(snapshot, line);
    return known();
  }

  function known(): string | undefined {
    const comes = snapshot.lines[0]?.comes;
    const [coming] = comes?.lines ?? [];
    const advice = comes && coming && raises.of(comes, coming);
    return advice?.raise.kind === 'raise' ? advice.raise.version : advice?.raise.kind;
  }

  it('is asked once, and again when what the index said of releases is no longer believed', async () => {
    assert.equal(await look(), '2.0');
    flask = ['1.0', '1.5', '2.0'];
    now += 9 * minuteMs;
    assert.equal(await look(), '2.0');
    assert.deepEqual(asked, ['flask']);
    now += minuteMs;
    assert.equal(known(), undefined, 'what is too old is not shown');
    assert.equal(await look(), '1.5');
    assert.deepEqual(asked, ['flask', 'flask']);
  });

  it('is asked again of another index, and when a person asks for all of it', async () => {
    assert.equal(await look(), '2.0');
    engine = { ...engine };
    assert.equal(known(), undefined);
    assert.equal(await look(), '2.0');
    raises.clear();
    assert.equal(known(), undefined);
    assert.equal(await look(), '2.0');
    assert.equal(asked.length, 3);
  });

  it('is what is not known for some seconds only', async () => {
    const { index, ...without } = engine as { readonly index: object };
    engine = { ...without, index: { releases: () => Promise.resolve(undefined) } };
    const broken = engine;
    assert.equal(await look(), 'unknown');
    Object.assign(broken, { index });
    assert.equal(await look(), 'unknown');
    now += 15_000;
    assert.equal(await look(), '2.0');
  });
});
