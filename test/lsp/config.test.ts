import assert from 'node:assert/strict';
import { serverCommands } from '../../protocol/ids.ts';
import type { EffectiveSettings } from '../../protocol/messages/figures/effectiveSettings.ts';
import { trustMethod } from '../../protocol/messages/trust.ts';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';

const folder = 'file:///project';
const uri = `${folder}/requirements.txt`;
const toml = `${folder}/pinwatch.toml`;

describe('the configuration of a project in the editor', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  async function start(options: ClientOptions = {}): Promise<void> {
    client = await TestClient.start(environment, { folders: [folder], ...options });
  }

  const codes = () => client.diagnostics(uri)?.map(({ code }) => code) ?? [];
  const waitForCodes = (of: string, expected: readonly unknown[]) =>
    client.waitForDiagnostics(of, `${of}: ${expected.join(', ')}`, (found) => {
      environment.timers.elapse(500);
      return JSON.stringify(found.map(({ code }) => code)) === JSON.stringify(expected);
    });

  beforeEach(() => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set('django==3.2.0', assessed([finding({ id: 'CVE-1' })]));
  });

  afterEach(() => client.stop());

  for (const pull of [true, false]) {
    it(`keeps names private from the first moment, ${pull ? 'with' : 'without'} workspace/configuration`, async () => {
      environment.disk.set(toml, '[privacy]\nprivate-packages = ["acme-*"]\n');
      await start({ pull });
      await client.open(uri, 'acme-core==1.0\ndjango==3.2.0\n');
      await waitForCodes(uri, ['CVE-1']);
      const asked = environment.scanner.questions.map((scan) => JSON.stringify(scan)).join('');
      assert.equal(asked.includes('acme'), false);
    });
  }

  it('is followed when it changes, with its ignores', async () => {
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await waitForCodes(uri, ['CVE-1']);
    environment.disk.set(toml, '[[ignore]]\nid = "CVE-1"\n');
    await client.changeOnDisk(toml);
    await waitForCodes(uri, []);
    environment.disk.delete(toml);
    await client.changeOnDisk(toml);
    await waitForCodes(uri, ['CVE-1']);
  });

  it('is explained: which settings hold, and where each of them comes from', async () => {
    environment.disk.set(toml, 'fail-on = "high"\n[privacy]\nprivate-packages = ["acme-*"]\n');
    await start({ settings: { offline: { maxDataAgeDays: 3 } } });
    const { folders } = await client.execute<EffectiveSettings>(serverCommands.effectiveSettings);
    const of = (key: string) => folders[0]?.values.find((one) => one.key === key);
    assert.deepEqual(of('pinwatch.privacy.privatePackages'), {
      key: 'pinwatch.privacy.privatePackages',
      value: '["acme-*"]',
      from: '/project/pinwatch.toml',
    });
    assert.equal(of('fail-on')?.value, '"high"');
    assert.equal(of('pinwatch.offline.maxDataAgeDays')?.from, 'settings');
    assert.equal(of('pinwatch.enable')?.from, 'default');
  });

  it('has its mistakes at their line, and nothing is sent where it may say what is private', async () => {
    environment.disk.set(toml, '[privacy]\nprivate-package = ["django"]\n');
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForDiagnostics(uri, 'why nothing is sent', (found) => found.length === 1);
    environment.timers.elapse(500);
    await waitForCodes(toml, ['config.unknown-key']);
    assert.equal(client.diagnostics(toml)?.[0]?.range.start.line, 1);
    assert.deepEqual(
      environment.scanner.questions.flatMap(({ pins }) => pins),
      [],
    );
    environment.disk.set(toml, '[privacy]\nprivate-packages = ["flask"]\n');
    await client.changeOnDisk(toml);
    await waitForCodes(uri, ['CVE-1']);
  });

  it('that could not be looked for may say what is private, so that nothing is sent', async () => {
    Object.assign(environment, {
      createConfigReader: () => ({ nearest: () => Promise.reject(new Error('the disk is gone')) }),
    });
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForDiagnostics(uri, 'why nothing is sent', (found) =>
      /the disk is gone|corrected|correct/u.test(JSON.stringify(found)),
    );
    environment.timers.elapse(500);
    await client.settle(uri);
    assert.deepEqual(
      environment.scanner.questions.flatMap(({ pins }) => pins),
      [],
    );
  });

  it('ignores nothing and leaves no file out without trust, and keeps names private all the same', async () => {
    environment.disk.set(
      toml,
      'exclude = ["requirements.txt"]\n[[ignore]]\nid = "CVE-1"\n[privacy]\nprivate-packages = ["acme-*"]\n',
    );
    await start({ initializationOptions: { trusted: false } });
    await client.open(uri, 'acme-core==1.0\ndjango==3.2.0\n');
    await waitForCodes(uri, ['CVE-1']);
    assert.equal(
      environment.scanner.questions
        .map((scan) => JSON.stringify(scan))
        .join('')
        .includes('acme'),
      false,
    );
    await client.notify(trustMethod, { trusted: true });
    await waitForCodes(uri, []);
    assert.deepEqual(codes(), []);
  });
});
