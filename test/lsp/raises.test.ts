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
      jinja2: [release('jinja2', '2.10'), release('jinja2', '3.1.6')],
    });
  });
  after(() => Promise.all([osv.close(), index.close()]));
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'pinwatch-raises-')));
    const site = '.venv/lib/python3.12/site-packages';
    writeTree(root, {
      'requirements.txt': 'flask>=1\n',
      '.venv/pyvenv.cfg': 'version = 3.12.3\n',
      [`${site}/flask-1.0.dist-info/METADATA`]: 'Name: flask\nVersion: 1.0\nRequires-Dist: jinja2<3\n',
      [`${site}/jinja2-2.10.dist-info/METADATA`]: 'Name: jinja2\nVersion: 2.10\n',
    });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  async function hovered(settings: object): Promise<string> {
    const uri = pathToFileURL(path.join(root, 'requirements.txt')).href;
    const client = await TestClient.start(nodeEnvironment('1.2.3', serverScript), {
      folders: [pathToFileURL(root).href],
      settings: { osv: { url: osv.url }, index: { url: index.url }, ...settings },
    });
    try {
      await client.open(uri, 'flask>=1\n');
      await client.waitForDiagnostics(uri, 'what comes', (all) => JSON.stringify(all).includes('comes with flask'));
      await client.waitForStatus('the end', ({ state }) => state === 'idle');
      return JSON.stringify(await client.hover(uri, 0, 2));
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

  it('is not there where no index is asked, and costs nothing else', async () => {
    const found = await hovered({ index: { url: 'none' } });
    assert.match(found, /jinja2 2\\+\.10\*\*.*Update to 3\\+\.1\\+\.6/u);
    assert.doesNotMatch(found, /is the nearest version/u);
  });
});
