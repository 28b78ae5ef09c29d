import assert from 'node:assert/strict';
import { run } from '../../server/src/cli/run.ts';
import { LicenceLibrary } from '../../server/src/engine/index/licenceLibrary.ts';
import { ProjectLibrary } from '../../server/src/engine/index/projectLibrary.ts';
import { LookupError } from '../../server/src/engine/ports.ts';
import { createPackageIndex } from '../../server/src/hosts/node/index/packageIndex.ts';
import { noon } from '../support/builders.ts';
import { FakeIo } from '../support/fakeIo.ts';
import { type PackageIndexService, startPackageIndex } from '../support/packageIndexService.ts';

interface Policy {
  readonly code: string;
  readonly level: string;
  readonly message: string;
  readonly license?: string;
}

interface Report {
  readonly files: readonly {
    readonly requirements: readonly { readonly name: string; readonly policy: readonly Policy[] }[];
  }[];
  readonly unjudged?: readonly string[];
  readonly complete: boolean;
  readonly headline: string;
  readonly summary: { readonly policy: number };
}

const clock = { now: () => noon };
const day = 86_400_000;
const wheel = (name: string, licence: string, more: object = {}) => ({
  filename: `${name}-1.0-py3-none-any.whl`,
  metadata: `Metadata-Version: 2.4\nName: ${name}\nVersion: 1.0\n${licence}\n\nText`,
  uploadTime: new Date(noon - 100 * day).toISOString(),
  ...more,
});

describe('rules of pinwatch scan', () => {
  let service: PackageIndexService;
  let io: FakeIo;

  before(async () => {
    service = await startPackageIndex();
  });

  after(() => service.close());

  beforeEach(() => {
    service.reset();
    service.setProjects({
      good: [wheel('good', 'License-Expression: MIT')],
      gnu: [wheel('gnu', 'License-Expression: GPL-3.0-only')],
      silent: [wheel('silent', 'Keywords: x')],
      yanked: [wheel('yanked', 'License-Expression: MIT', { yanked: 'broken build' })],
      young: [wheel('young', 'License-Expression: MIT', { uploadTime: new Date(noon - day).toISOString() })],
      old: { files: [wheel('old', 'License-Expression: MIT')], status: 'archived', reason: 'use new' },
      held: { files: [wheel('held', 'License-Expression: MIT')], status: 'quarantined' },
    });
    io = new FakeIo();
    const index = createPackageIndex({
      url: service.url,
      timeoutMs: 5_000,
      version: '1',
      clock,
      transport: 'direct',
      network: {},
    });
    assert.ok(index);
    const parts = { index, indexId: service.url, tiers: [], clock };
    io.licences = new LicenceLibrary(parts);
    io.projects = new ProjectLibrary(parts);
    io.disk.set(
      'requirements.txt',
      ['good', 'gnu', 'silent', 'yanked', 'young', 'old', 'held'].map((name) => `${name}==1.0\n`).join(''),
    );
  });

  const scan = async (): Promise<{
    readonly code: number;
    readonly report: Report;
    readonly found: readonly string[];
  }> => {
    io.out = '';
    const code = await run(['scan', 'requirements.txt', '--format', 'json'], io);
    const report = JSON.parse(io.out) as Report;
    const found = report.files.flatMap(({ requirements }) =>
      requirements.flatMap(({ name, policy }) => policy.map((one) => `${name}: ${one.level} ${one.code}`)),
    );
    return { code, report, found };
  };

  it('are off until they are configured, and nobody is asked then', async () => {
    const { code, found } = await scan();
    assert.deepEqual([code, found, service.seen.length], [0, [], 0]);
  });

  it('find licences that are not allowed, and take none for allowed that is not known', async () => {
    io.disk.set('pinwatch.toml', '[policy.licenses]\nallow = ["MIT"]\nlevel = "error"\n');
    const { code, report, found } = await scan();
    assert.equal(code, 1);
    assert.deepEqual(found, ['gnu: error policy-license', 'silent: error license-unknown']);
    assert.equal(report.files[0]?.requirements[1]?.policy[0]?.license, 'GPL-3.0-only');
    assert.equal(report.summary.policy, 2);
    assert.match(report.headline, /^2 policy findings/u);
  });

  it('warn without an exit code', async () => {
    io.disk.set('pinwatch.toml', '[policy.licenses]\ndeny = ["GPL-*"]\n');
    const { code, found } = await scan();
    assert.deepEqual([code, found], [0, ['gnu: warning policy-license', 'silent: information license-unknown']]);
  });

  it('find what is withdrawn, ended, held back or too young', async () => {
    io.disk.set(
      'pinwatch.toml',
      '[policy]\nyanked = "error"\narchived = "warning"\nquarantined = "error"\n[fix]\nminimum-release-age-days = 7\n',
    );
    const { code, report, found } = await scan();
    assert.equal(code, 1);
    assert.deepEqual(found, [
      'yanked: error policy-yanked',
      'young: warning policy-release-age',
      'old: warning policy-archived',
      'held: error policy-quarantined',
    ]);
    const messages = report.files[0]?.requirements.flatMap(({ policy }) => policy.map(({ message }) => message)) ?? [];
    assert.match(messages[0] ?? '', /yanked 1\.0 was yanked .* Broken build\.|broken build\./u);
    assert.match(messages[1] ?? '', /released 1 day ago/u);
    assert.match(messages[2] ?? '', /archived.*use new/iu);
  });

  it('know approved and unwanted packages', async () => {
    io.disk.set('pinwatch.toml', '[policy.packages]\nallow = ["good", "g*", "old <1"]\ndeny = ["gnu"]\n');
    const { code, found } = await scan();
    assert.equal(code, 1);
    assert.deepEqual(found, [
      'gnu: error policy-package',
      'silent: error policy-package',
      'yanked: error policy-package',
      'young: error policy-package',
      'old: error policy-package',
      'held: error policy-package',
    ]);
    assert.equal(service.seen.length, 0);
  });

  it('say once what could not be checked, and are incomplete then', async () => {
    io.disk.set('pinwatch.toml', '[policy.licenses]\nallow = ["MIT"]\n');
    io.licences = new LicenceLibrary({
      index: { metadata: () => Promise.reject(new LookupError('offline', 'index.example could not be reached.')) },
      indexId: 'x',
      tiers: [],
      clock,
    });
    const { code, report, found } = await scan();
    assert.deepEqual([code, found, report.complete], [3, [], false]);
    assert.deepEqual(report.unjudged, [
      'The rules could not be checked for 7 licences: index.example could not be reached.',
    ]);
    io.licences = undefined;
    assert.equal((await scan()).code, 3);
  });

  it('cost time, not results, where half of the requests fail', async () => {
    io.disk.set('pinwatch.toml', '[policy.licenses]\nallow = ["MIT"]\nlevel = "error"\n[policy]\nyanked = "error"\n');
    const faults = Array.from({ length: 14 }, () => ({ kind: 'status', status: 503 }) as const);
    service.fail(...faults);
    const { code, report, found } = await scan();
    assert.equal(code, 1);
    assert.equal(report.unjudged, undefined);
    assert.deepEqual(found, [
      'gnu: error policy-license',
      'silent: error license-unknown',
      'yanked: error policy-yanked',
    ]);
  }).timeout(20_000);

  for (const format of ['text', 'concise', 'sarif', 'cyclonedx', 'markdown', 'github', 'junit'] as const) {
    it(`are findings of their own in ${format}`, async () => {
      io.disk.set('pinwatch.toml', '[policy.licenses]\ndeny = ["GPL-3.0-only"]\nlevel = "error"\n');
      assert.equal(await run(['scan', 'requirements.txt', '--format', format], io), 1);
      assert.match(io.out, /licence of gnu 1\\?\.0 is not allowed|policy-license/u);
    });
  }
});
