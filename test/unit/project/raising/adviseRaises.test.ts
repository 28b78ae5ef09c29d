import assert from 'node:assert/strict';
import type { AssessedRequirement } from '../../../../server/src/core/assessment/requirement.ts';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import type { RaisingPlace } from '../../../../server/src/project/raising/adviseRaise.ts';
import { adviseRaises } from '../../../../server/src/project/raising/adviseRaises.ts';
import type { RaiseEngine } from '../../../../server/src/project/raising/askRaise.ts';
import { assessed, finding, pinned } from '../../../support/builders.ts';
import { FakeScanner } from '../../../support/fakeScanner.ts';

const place: RaisingPlace = {
  kind: kindOfNamed('uv.lock'),
  scope: {
    tree: { packages: [] },
    declared: new Map([[normalizeName('declared'), { extras: [], allows: () => true }]]),
    limitsOn: () => [],
    markers: new Map(),
    demand: undefined,
    pythons: [],
    isPrivate: () => false,
    minimumReleaseAgeDays: 0,
    nowMs: 0,
  },
};

function locked(name: string, changes: Parameters<typeof finding>[0] = {}): AssessedRequirement {
  const outcome = assessed([finding(changes)]);
  return {
    ...pinned(name, '1.0'),
    requiredBy: { parents: [normalizeName('shop')], chain: [normalizeName('shop')] },
    outcome: { ...outcome, fix: { nearest: '2.0', latest: '2.0', verified: true, passedOver: [] } },
  };
}

const never = new AbortController().signal;

describe('what to raise for the packages of a report', () => {
  async function whys(
    requirements: readonly AssessedRequirement[],
    engine: RaiseEngine,
    signal = never,
  ): Promise<readonly (string | undefined)[]> {
    const files = [{ path: 'uv.lock', requirements, problems: [] }];
    const advised = await adviseRaises(files, () => Promise.resolve(place), engine, signal);
    return (advised[0]?.requirements ?? []).map(({ raise }) =>
      raise?.raise.kind === 'unknown' ? raise.raise.why : raise?.raise.kind,
    );
  }

  it('is asked for what comes with others, has a safe version and counts', async () => {
    const scanner = new FakeScanner();
    const { outcome, ...direct } = locked('direct');
    const noFix = { nearest: undefined, latest: undefined, verified: true, passedOver: [] };
    const unsafe = { ...locked('unsafe'), outcome: { ...assessed([finding()]), fix: noFix } };
    const rows = [
      locked('comes'),
      { ...direct, outcome, requiredBy: { parents: [], chain: [] } },
      locked('ignored', { ignored: { reason: '', until: null } }),
      locked('malicious', { severity: 'malicious' }),
      locked('declared'),
      unsafe,
    ];
    const none = [undefined, undefined, undefined, undefined, undefined];
    assert.deepEqual(await whys(rows, { scanner }), ['the package index is not queried', ...none]);
    assert.deepEqual(scanner.questions, []);
  });

  it('says that the time was up, and what went wrong in Pinwatch, and fails nothing', async () => {
    const needs = {} as NonNullable<RaiseEngine['needs']>;
    const late = AbortSignal.abort(new Error('The scan was stopped after 5 s.'));
    assert.deepEqual(await whys([locked('comes')], { scanner: new FakeScanner(), needs }, late), [
      'The scan was stopped after 5 s',
    ]);
    const scanner = new FakeScanner();
    scanner.recallPackages = () => Promise.reject(new TypeError('no such thing'));
    assert.deepEqual(await whys([locked('comes')], { scanner, needs }), ['an error of Pinwatch itself: no such thing']);
  });

  it('is asked for a hundred packages, and says so of the rest', async () => {
    const rows = Array.from({ length: 102 }, (_, at) => locked(`comes${at}`));
    const found = await whys(rows, { scanner: new FakeScanner() });
    assert.equal(found.filter((one) => one === 'the package index is not queried').length, 100);
    assert.equal(found.at(-1), 'more than 100 vulnerable packages come with others');
  });
});
