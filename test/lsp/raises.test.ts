import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeEnvironment } from '../../server/src/main/nodeEnvironment.ts';
import { embeddedRecords, type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { TestClient } from '../support/lspHarness.ts';
import { type PackageIndexService, startPackageIndex } from '../support/packageIndexService.ts';
import { serverScript } from '../support/serverProcess.ts';
import { writeTree } from '../support/trees.ts';

const release = (name: string, version: string, ...requires: readonly string[]) => ({
  filename: `${name}-${version}-py3-none-any.whl`,
  metadata: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${requires.map((one) => `Requires-Dist: ${one}\n`).join('')}\n`,
});

describe('what has to be raised for what comes with a line', function () {
  this.timeout(30_000);
  let root: string;
  let osv: OsvService;
  let index: PackageIndexService;

  before(async () => {
    osv = await startOsvService({ records: [embeddedRecords, demoRecords] });
    index = await startPackageIndex({
      flask: [
        release('flask', '1.0', 'jinja2<3'),
        release('flask', '1.1', 'jinja2'),
        release('flask', '2.2.5', 'jinja2>=3'),
      ],
      shop: [release('shop', '1.0', 'jinja2<3'), release('shop', '2.0', 'jinja2>=3')],
      jinja2: [release('jinja2', '2.10'), release('jinja2', '3.1.6')],
    });
  });
  after(() => Promise.all([osv.close(), index.close()]));
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'pinwatch-raises-')));
  });

  /** `direct` 1.0 with the jinja2 that it asks for. */
  function install(direct: string): void {
    const site = '.venv/lib/python3.12/site-packages';
    writeTree(root, {
      'requirements.txt': `${direct}>=1\n`,
      '.venv/pyvenv.cfg': 'version = 3.12.3\n',
      [`${site}/${direct}-1.0.dist-info/METADATA`]: `Name: ${direct}\nVersion: 1.0\nRequires-Dist: jinja2<3\n`,
      [`${site}/jinja2-2.10.dist-info/METADATA`]: 'Name: jinja2\nVersion: 2.10\n',
    });
  }
  afterEach(() => rmSync(root, { recursive: true }));

  async function hovered(settings: object): Promise<string> {
    return withClient(settings, async (client, uri) => JSON.stringify(await client.hover(uri, 0, 2)));
  }

  async function withClient<Result>(
    settings: object,
    use: (client: TestClient, uri: string) => Promise<Result>,
    direct = 'flask',
  ): Promise<Result> {
    install(direct);
    const uri = pathToFileURL(path.join(root, 'requirements.txt')).href;
    const client = await TestClient.start(nodeEnvironment('1.2.3', serverScript), {
      folders: [pathToFileURL(root).href],
      capabilities: {
        textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } } },
        workspace: { workspaceEdit: { documentChanges: true } },
      },
      settings: { osv: { url: osv.url }, index: { url: index.url }, ...settings },
    });
    try {
      await client.open(uri, `${direct}>=1\n`);
      await client.waitForDiagnostics(uri, 'what comes', (all) => JSON.stringify(all).includes(`comes with ${direct}`));
      await client.waitForStatus('the end', ({ state }) => state === 'idle');
      return await use(client, uri);
    } finally {
      await client.stop();
    }
  }

  it('is in the hover: the nearest release of the requirement that is safe and allows it', async () => {
    assert.match(
      await hovered({}),
      /jinja2 2\\+\.10\*\*.*Update to 3\\+\.1\\+\.6\\+\. flask 2\\+\.2\\+\.5 is the nearest/u,
    );
  });

  it('is there for a lock, whose packages the index alone knows', async () => {
    const entry = (name: string, version: string, source: string, ...needs: readonly string[]): string =>
      `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = { ${source} }\ndependencies = [${needs.map((one) => `{ name = "${one}" }`).join(', ')}]\n\n`;
    const registry = 'registry = "https://pypi.org/simple"';
    const text = '[project]\nname = "mine"\nversion = "1"\ndependencies = ["shop>=1"]\n';
    writeTree(root, {
      'pyproject.toml': text,
      'uv.lock': `version = 1\n\n${entry('mine', '1', 'virtual = "."', 'shop')}${entry('shop', '1.0', registry, 'jinja2')}${entry('jinja2', '2.10', registry)}`,
    });
    const uri = pathToFileURL(path.join(root, 'pyproject.toml')).href;
    const client = await TestClient.start(nodeEnvironment('1.2.3', serverScript), {
      folders: [pathToFileURL(root).href],
      settings: { osv: { url: osv.url }, index: { url: index.url } },
    });
    try {
      await client.open(uri, text, 1, 'toml');
      await client.waitForDiagnostics(uri, 'what comes', (all) => JSON.stringify(all).includes('comes with shop'));
      await client.waitForStatus('the end', ({ state }) => state === 'idle');
      assert.match(
        JSON.stringify(await client.hover(uri, 3, 18)),
        /shop 2\\+\.0 is the nearest version that allows it/u,
      );
    } finally {
      await client.stop();
    }
  });

  it('is a quick fix where somebody asks for one, and nothing is asked where the cursor moves', async () => {
    const titles = (actions: unknown): readonly string[] =>
      (actions as readonly { readonly title: string; readonly edit?: unknown }[]).map(({ title }) => title);
    const found = await withClient(
      {},
      async (client, uri) => {
        const ask = (triggerKind: number): Promise<unknown> => {
          const range = { start: { line: 0, character: 2 }, end: { line: 0, character: 2 } };
          return client.request('textDocument/codeAction', {
            textDocument: { uri },
            range,
            context: { diagnostics: [], triggerKind },
          });
        };
        const first = titles(await ask(2));
        return [first, await ask(1)] as const;
      },
      'shop',
    );
    assert.ok(!found[0].some((title) => title.includes('allows')), found[0].join());
    const title = 'Change shop to >=2.0 (allows jinja2 3.1.6)';
    assert.deepEqual(titles(found[1]), [title]);
    assert.match(JSON.stringify(found[1]), /"newText":"(?:>=)?2\.0"/u);
  });

  it('asks nothing about a private name', async () => {
    await hovered({});
    index.reset();
    const found = await hovered({ privacy: { privatePackages: ['fla*'] } });
    assert.doesNotMatch(found, /is the nearest version/u);
    assert.deepEqual(
      index.seen.map((one) => one.path).filter((one) => one.includes('flask')),
      [],
    );
  });

  it('is not there where no index is asked, and says so', async () => {
    const found = await hovered({ index: { url: 'none' } });
    assert.match(found, /jinja2 2\\+\.10\*\*.*Update to 3\\+\.1\\+\.6/u);
    assert.match(found, /not known whether something has to be raised first\\+: the package index is not queried/u);
    assert.doesNotMatch(found, /is the nearest version/u);
  });
});
