import assert from 'node:assert/strict';
import { serverCommands } from '../../protocol/ids.ts';
import { advisoriesMethod, type AdvisoriesResult } from '../../protocol/messages/advisories.ts';
import { reportMethod, type ReportResult } from '../../protocol/messages/report.ts';
import type { RescanResult } from '../../protocol/messages/rescan.ts';
import type { SentData } from '../../protocol/messages/figures/sentData.ts';
import type { ServerOffers } from '../../protocol/messages/serverOffers.ts';
import { editorFormatIds } from '../../server/src/core/report/formats.ts';
import { assessed, failed, finding, noon } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';

const folder = 'file:///project';
const uri = `${folder}/requirements.txt`;

describe('what the server tells of the whole workspace', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(() => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set('django==3.2.0', assessed([finding()]));
    environment.scanner.truth.set('six==1.16.0', failed());
    environment.disk.set(`${folder}/deps/requirements%20b.txt`, 'Django==3.2.0\n');
  });

  afterEach(() => client.stop());

  async function start(options: ClientOptions = {}): Promise<void> {
    client = await TestClient.start(environment, { folders: [folder], ...options });
  }

  const text = 'django==3.2.0\nsix==1.16.0\nacme-core==1.0\n./rich\nurllib3==2.0\n';

  it('says that data have become old while nobody does anything', async () => {
    let now = noon;
    environment.clock = { now: () => now };
    const hour = 3_600_000;
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForStatus('one vulnerable', ({ vulnerable, isOld }) => vulnerable === 1 && isOld === false);
    await client.settle(uri);
    now += 3 * hour;
    environment.timers.elapse(6 * hour);
    assert.equal(client.statuses.at(-1)?.isOld, false);
    now = noon + 7 * 24 * hour + 1_000;
    environment.timers.elapse(6 * hour);
    await client.waitForStatus('old data', ({ isOld }) => isOld === true);
  });

  describe('findings', () => {
    it('come once for the changes of a moment, with what could not be checked beside what was found', async () => {
      await start({ findings: true });
      await client.open(uri, text);
      await client.waitForDiagnostics(uri, 'a finding', (found) => found.length > 1);
      assert.deepEqual(client.findings, [], 'they wait for the moment to be over');
      environment.timers.elapse(200);
      const told = await client.waitFor('findings', () => client.findings[0]);
      assert.deepEqual(
        {
          ...told,
          vulnerable: told.vulnerable.length,
          failed: told.failed.length,
          ignoredAt: told.ignoredAt.length,
        },
        {
          ...{
            workspace: false,
            files: 1,
            requirements: 5,
            assessed: 3,
            skipped: 1,
            unread: 0,
            pending: 0,
            ignored: 0,
          },
          ...{ headline: 'findings', isOld: false, dataAgeDays: 0, vulnerable: 1, failed: 1, ignoredAt: 0 },
        },
      );
      assert.deepEqual(told.vulnerable[0], {
        uri,
        line: 0,
        character: 8,
        name: 'django',
        normalizedName: 'django',
        version: '3.2.0',
        verdict: 'vulnerable',
        severity: 'critical',
        score: finding().score,
        counts: { critical: 1 },
        ids: ['CVE-2021-35042'],
        url: finding().url,
        fix: { version: '3.2.5', step: 'patch' },
        isOld: false,
      });
      const { advisories } = await client.request<AdvisoriesResult>(advisoriesMethod, told.vulnerable[0] ?? {});
      assert.deepEqual(
        advisories.map(({ id, severity, url }) => [id, severity, url]),
        [['CVE-2021-35042', 'critical', finding().url]],
      );
      for (const params of [{ ...told.vulnerable[0], line: 9 }, { uri: 'file:///elsewhere.txt' }, {}]) {
        assert.deepEqual(await client.request(advisoriesMethod, params), { advisories: [] });
      }
      assert.deepEqual(told.failed[0], {
        uri,
        line: 1,
        character: 5,
        name: 'six',
        message: 'api.osv.dev did not answer within 30 s.',
      });
    });

    it('of every file after a rescan of the workspace', async () => {
      await start({ findings: true });
      await client.execute(serverCommands.rescan);
      environment.timers.elapse(200);
      const told = await client.waitFor('findings', () => client.findings.at(-1));
      assert.deepEqual([told.workspace, told.files, told.vulnerable.length], [true, 1, 1]);
    });

    it('do not claim to be of the whole workspace where its folder is not on disk', async () => {
      await start({ findings: true, folders: ['vscode-vfs://github/acme/project'] });
      await client.open('vscode-vfs://github/acme/project/requirements.txt', text);
      await client.execute(serverCommands.rescan);
      environment.timers.elapse(200);
      const told = await client.waitFor('findings', () => client.findings.at(-1));
      assert.deepEqual([told.workspace, told.files], [false, 1]);
    });

    it('are told again only where they differ', async () => {
      await start({ findings: true });
      await client.open(uri, text);
      await client.waitForDiagnostics(uri, 'a finding', (found) => found.length > 1);
      environment.timers.elapse(200);
      await client.waitFor('findings', () => client.findings[0]);
      await client.execute(serverCommands.rescan, { uris: [uri] });
      environment.timers.elapse(200);
      await client.settle(uri);
      assert.equal(client.findings.length, 1);
    });

    it('are not told to a client that did not ask', async () => {
      await start();
      await client.open(uri, text);
      await client.waitForDiagnostics(uri, 'a finding', (found) => found.length > 1);
      environment.timers.elapse(200);
      await client.settle(uri);
      assert.deepEqual(client.findings, []);
    });
  });

  describe('report', () => {
    it('covers every file of the workspace, each requirement with its outcome', async () => {
      await start();
      await client.open(uri, text);
      const { text: json } = await client.request<ReportResult>(reportMethod, { format: 'json' });
      const report = JSON.parse(json) as {
        readonly files: readonly { readonly path: string; readonly requirements: readonly { outcome: string }[] }[];
        readonly summary: object;
      };
      assert.deepEqual(
        report.files.map(({ path, requirements }) => [path, requirements.map(({ outcome }) => outcome)]),
        [
          ['deps/requirements b.txt', ['assessed']],
          ['requirements.txt', ['assessed', 'failed', 'assessed', 'skipped', 'assessed']],
        ],
      );
    });

    it('says what of the workspace could not be read', async () => {
      const discover = environment.files.discover.bind(environment.files);
      Object.assign(environment.files, {
        discover: async (...args: Parameters<typeof discover>) => {
          const { uris } = await discover(...args);
          return { uris: [...uris, `${args[0]}/locked.txt`], unread: ['The folder "x" could not be read.'] };
        },
      });
      await start();
      const { text: json } = await client.request<ReportResult>(reportMethod, { format: 'json' });
      assert.match(json, /The folder \\"x\\" could not be read/u);
      assert.match(json, /locked\.txt could not be read/u);
      const { unread } = await client.execute<RescanResult>(serverCommands.rescan);
      assert.equal(unread, 2);
    });

    it('says failed, not clean, of what is not answered when it is made', async () => {
      await start();
      environment.scanner.holds = true;
      await client.open(uri, 'six==1.16.0\n');
      await environment.scanner.question(1);
      const asked = client.request<ReportResult>(reportMethod, { format: 'json' });
      const question = await environment.scanner.question(2);
      // An edit takes the file out of the scan that the report waits for.
      await client.edit(uri, 2, 0, 5, 11, '1.15.0');
      await client.settle(uri);
      question.answer();
      const { text: json } = await asked;
      assert.match(json, /"outcome": "failed",\s*"reason": "timeout: Its look-up had not ended/u);
    });

    for (const [format, expected] of [
      ['text', /^requirements|^deps/mu],
      ['markdown', /^## /u],
      ['sarif', /"version": ?"2\.1\.0"/u],
      ['cyclonedx', /"bomFormat": ?"CycloneDX"/u],
      ['openvex', /openvex/u],
    ] as const) {
      it(`can be had as ${format}`, async () => {
        await start();
        const { text: report } = await client.request<ReportResult>(reportMethod, { format });
        assert.match(report, expected);
        assert.match(report, /CVE\\?-2021\\?-35042/u);
      });
    }

    it('can be had in each format that the server offers, and no other', async () => {
      await start();
      const { pinwatch } = client.initializeResult?.capabilities.experimental as { readonly pinwatch: ServerOffers };
      assert.deepEqual(
        pinwatch.reportFormats.map(({ id }) => id),
        editorFormatIds,
      );
      for (const { id } of pinwatch.reportFormats) {
        const { text: report } = await client.request<ReportResult>(reportMethod, { format: id });
        assert.match(report, /CVE\\?-2021\\?-35042/u, id);
      }
      await assert.rejects(client.request(reportMethod, { format: 'github' }), /A report has one of these formats/u);
    });

    it('is refused in words for a format that is none', async () => {
      await start();
      await assert.rejects(client.request(reportMethod, { format: 'pdf' }), /text, concise, json, sarif, /u);
    });
  });

  describe('sent data', () => {
    it('are the questions of a scan, and nothing else', async () => {
      await start({ settings: { privacy: { privatePackages: ['acme-*'] } } });
      await client.open(uri, text);
      const [question] = [await environment.scanner.question(1)];
      const data = await client.execute<SentData>(serverCommands.sentData);
      assert.deepEqual(
        data.sent.map(({ name, version }) => (version === null ? `${name} ` : `${name}==${version}`)),
        [...question.pins].sort(),
      );
      assert.equal(data.destination, 'https://api.osv.dev');
      assert.deepEqual(
        data.withheld.map(({ name, reason, line }) => [name, reason, line]),
        [
          ['acme-core', 'private', 2],
          ['./rich', 'path', 3],
        ],
      );
    });

    it('go nowhere when Pinwatch is switched off', async () => {
      await start({ settings: { enable: false } });
      await client.open(uri, text);
      const data = await client.execute<SentData>(serverCommands.sentData);
      assert.deepEqual(data, {
        enabled: false,
        destination: null,
        index: null,
        indexForLicenses: false,
        teamCache: null,
        sent: [],
        withheld: [],
      });
    });
  });

  it('says in the status when the oldest answer was given', async () => {
    await start();
    await client.open(uri, text);
    const status = await client.waitForStatus('an answer', ({ vulnerable }) => vulnerable === 1);
    assert.equal(status.oldestAnswerAt, new Date(noon).toISOString());
  });
});
