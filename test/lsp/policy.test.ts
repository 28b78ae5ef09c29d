import assert from 'node:assert/strict';
import { CancellationTokenSource, LSPErrorCodes } from 'vscode-languageserver-protocol/node';
import type { Diagnostic } from 'vscode-languageserver-types';
import { serverCommands } from '../../protocol/ids.ts';
import { reportMethod } from '../../protocol/messages/report.ts';
import { LicenceLibrary } from '../../server/src/engine/index/licenceLibrary.ts';
import { LookupError } from '../../server/src/engine/ports.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';

const uri = 'file:///project/requirements.txt';

const textOf = (diagnostic: Diagnostic | undefined): string =>
  typeof diagnostic?.message === 'string' ? diagnostic.message : '';

interface Report {
  readonly files: readonly {
    readonly requirements: readonly { readonly policy: readonly { readonly code: string }[] }[];
  }[];
  readonly unjudged?: readonly string[];
  readonly complete: boolean;
}

describe('policies in the editor', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  const waitForCodes = (expected: readonly unknown[], of = uri) =>
    client.waitForDiagnostics(of, expected.join(', '), (found) => {
      return JSON.stringify(found.map(({ code }) => code)) === JSON.stringify(expected);
    });

  beforeEach(() => {
    environment = new FakeEnvironment();
  });

  afterEach(() => client.stop());

  it('draw what is not wanted at its line, follow edits and other settings, and change no count', async () => {
    client = await TestClient.start(environment, {
      settings: { policy: { packages: [{ package: 'django', versions: '<4.2' }] } },
    });
    await client.open(uri, 'six==1.16.0\ndjango==4.1.0\n');
    const [drawn] = await waitForCodes(['policy-package']);
    assert.deepEqual(drawn?.range, { start: { line: 1, character: 8 }, end: { line: 1, character: 13 } });
    assert.equal(drawn?.severity, 1);
    const status = await client.waitForStatus('idle', ({ state }) => state === 'idle');
    assert.deepEqual([status.vulnerable, status.failed], [0, 0]);
    await client.edit(uri, 2, 1, 10, 11, '2');
    await waitForCodes([]);
    await client.changeSettings({ policy: { packages: [{ package: 'six', level: 'warning' }] } });
    const [other] = await waitForCodes(['policy-package']);
    assert.equal(other?.severity, 2);
  });

  it('say that a policy cannot be read, and hold none of it', async () => {
    client = await TestClient.start(environment, {
      settings: { policy: { packages: [{ package: 'django' }, { name: 'six' }] } },
    });
    await client.waitFor('a warning', () => client.logged.find((text) => text.includes('pinwatch.policy.packages')));
    await client.open(uri, 'django==4.1.0\n');
    const { message } = await client.waitForStatus('an error', ({ state }) => state === 'error');
    assert.match(message ?? '', /pinwatch\.policy\.packages should be/u);
    assert.deepEqual(await waitForCodes([]), []);
  });

  describe('of licences', () => {
    const metadata = new Map<string, string>();
    let asked: string[];
    let down: boolean;
    let broken: boolean;
    /** The index answers once this has resolved. */
    let ready: Promise<void>;

    beforeEach(() => {
      [asked, down, broken, ready] = [[], false, false, Promise.resolve()];
      metadata.set('good==1', 'License-Expression: MIT\n').set('bad==1', 'License-Expression: GPL-3.0-only\n');
      environment.licences = new LicenceLibrary({
        index: {
          metadata: async (name, version) => {
            asked.push(`${name}==${version}`);
            await ready;
            if (broken) throw new TypeError('a fault of our own');
            return down
              ? Promise.reject(new LookupError('offline', 'The index could not be reached.'))
              : Promise.resolve(metadata.get(`${name}==${version}`));
          },
        },
        indexId: 'https://index',
        tiers: [],
        clock: environment.clock,
      });
    });

    const start = async (licenses: object, more: object = {}, folders?: readonly string[]): Promise<void> => {
      const settings = { policy: { licenses }, ...more };
      client = await TestClient.start(environment, { settings, ...(folders === undefined ? {} : { folders }) });
    };
    const pause = async (): Promise<void> => {
      await client.waitForStatus('idle', ({ state }) => state === 'idle');
      await client.settle(uri);
      environment.timers.elapse(300);
      await client.settle(uri);
    };

    it('ask for nothing where there is no policy', async () => {
      await start({});
      await client.open(uri, 'good==1\nbad==1\n');
      await client.waitForStatus('idle', ({ state }) => state === 'idle');
      await pause();
      assert.deepEqual(asked, []);
    });

    it('say what is not allowed and what is not known, once it is asked, and send no private name', async () => {
      await start({ allow: ['MIT'], except: ['ours-*'] }, { privacy: { privatePackages: ['secret*'] } });
      await client.open(uri, 'good==1\nbad==1\nmissing==1\nfloating>=1\nsecret-x==1\nours-x==1\n');
      await pause();
      const codes = ['policy-license', 'license-unknown', 'license-unknown', 'license-unknown'];
      const drawn = await waitForCodes(codes);
      assert.deepEqual(
        drawn.map(({ range, severity }) => [range.start.line, severity]),
        [
          [1, 2],
          [2, 3],
          [3, 3],
          [4, 3],
        ],
      );
      assert.match(textOf(drawn[0]), /^The licence of bad 1 is not allowed by .*: GPL-3\.0-only\.$/u);
      assert.deepEqual(asked.sort(), ['bad==1', 'good==1', 'missing==1', 'ours-x==1']);
    });

    it('ask for what stands there after a pause, not for each key, and not again', async () => {
      await start({ deny: ['GPL-*'] });
      await client.open(uri, 'good==\n');
      await pause();
      await client.edit(uri, 2, 0, 6, 6, '9');
      await client.edit(uri, 3, 0, 6, 7, '1');
      await pause();
      await client.edit(uri, 4, 0, 7, 7, ' ');
      await pause();
      assert.deepEqual(asked, ['good==1']);
    });

    it('ask once for what is slow to come, and soon for what is written meanwhile', async () => {
      let answer: () => void = () => undefined;
      ready = new Promise((resolve) => (answer = resolve));
      await start({ deny: ['GPL-*'] });
      await client.open(uri, 'good==1\n');
      await pause();
      await client.edit(uri, 2, 1, 0, 0, 'bad==1\n');
      await pause();
      assert.deepEqual(asked, ['good==1']);
      answer();
      await waitForCodes(['policy-license']);
      assert.deepEqual(asked, ['good==1', 'bad==1']);
    });

    it('say that a licence could not be had, and ask again on a rescan', async () => {
      down = true;
      await start({ deny: ['GPL-*'] });
      await client.open(uri, 'bad==1\n');
      await pause();
      const [failed] = await waitForCodes(['license-unknown']);
      assert.match(textOf(failed), /could not be checked: The index could not be reached\.$/u);
      down = false;
      await client.execute(serverCommands.rescan, { uris: [uri] });
      await pause();
      await waitForCodes(['policy-license']);
    });

    const reported = async (): Promise<{
      readonly codes: readonly (readonly string[])[];
      readonly unjudged: readonly string[] | undefined;
      readonly complete: boolean;
    }> => {
      const { text } = await client.request<{ readonly text: string }>(reportMethod, { format: 'json' });
      const { files, unjudged, complete } = JSON.parse(text) as Report;
      const codes = files.flatMap(({ requirements }) =>
        requirements.map(({ policy }) => policy.map(({ code }) => code)),
      );
      return { codes, unjudged, complete };
    };

    it('are asked about again after a fault of our own, which is logged', async () => {
      broken = true;
      await start({ deny: ['GPL-*'] });
      await client.open(uri, 'bad==1\n');
      await pause();
      await client.waitFor('the fault', () => client.logged.find((text) => text.includes('a fault of our own')));
      broken = false;
      await client.edit(uri, 2, 1, 0, 0, '# more\n');
      await pause();
      await waitForCodes(['policy-license']);
    });

    it('are in a report that is asked for before the pause', async () => {
      await start({ deny: ['GPL-*'] });
      await client.open(uri, 'good==1\nbad==1\n');
      assert.deepEqual((await reported()).codes, [[], ['policy-license']]);
      assert.deepEqual(asked.sort(), ['bad==1', 'good==1']);
      await waitForCodes(['policy-license']);
    });

    it('keep nobody waiting who cancels a report while an index is silent', async () => {
      ready = new Promise(() => undefined);
      await start({ deny: ['GPL-*'] });
      await client.open(uri, 'bad==1\n');
      await pause();
      assert.deepEqual(asked, ['bad==1']);
      const source = new CancellationTokenSource();
      const answer = client.request(reportMethod, { format: 'json' }, source.token);
      await client.settle(uri);
      source.cancel();
      await assert.rejects(answer, ({ code }: { readonly code?: unknown }) => code === LSPErrorCodes.RequestCancelled);
    });

    it('say once in a report what could not be had, which is incomplete then', async () => {
      down = true;
      await start({ deny: ['GPL-*'] });
      await client.open(uri, 'good==1\nbad==1\n');
      const text = 'The rules could not be checked for 2 licences: The index could not be reached.';
      assert.deepEqual(await reported(), { codes: [[], []], unjudged: [text], complete: false });
    });

    it('take what an ignore file says of a licence for it', async () => {
      environment.disk.set(
        'file:///project/osv-scanner.toml',
        '[[PackageOverrides]]\nname = "bad"\necosystem = "PyPI"\nlicense.override = ["MIT"]\n',
      );
      await start({ allow: ['MIT'] }, {}, ['file:///project']);
      await client.open(uri, 'bad==1\nmissing==1\n');
      await pause();
      const [unknown] = await waitForCodes(['license-unknown']);
      assert.equal(unknown?.range.start.line, 1);
      assert.deepEqual((await reported()).codes, [[], ['license-unknown']]);
    });

    it('say that nobody can be asked where there is no index', async () => {
      environment.licences = undefined;
      await start({ deny: ['GPL-*'] });
      await client.open(uri, 'bad==1\n');
      const [unknown] = await waitForCodes(['license-unknown']);
      assert.match(textOf(unknown), /no package index is asked/u);
    });
  });
});
