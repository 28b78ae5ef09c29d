import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { URI } from 'vscode-uri';
import { serverCommands } from '../../protocol/ids.ts';
import type { RescanResult } from '../../protocol/messages/rescan.ts';
import { nodeEnvironment } from '../../server/src/main/nodeEnvironment.ts';
import { type FileId, fileId, folderOf, nameOf } from '../../server/src/project/fileId.ts';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';

const spellings = {
  'as VS Code does': (file: string): string => URI.file(file).toString(),
  'as Node does': (file: string): string => pathToFileURL(file).href,
};
const asVsCode = spellings['as VS Code does'];

/** Nobody is asked, and everything is read from the real disk. */
function onRealDisk(): FakeEnvironment {
  const environment = new FakeEnvironment();
  const node = nodeEnvironment('1.2.3', '');
  return Object.assign(environment, { files: node.files, createIgnoreReader: () => node.createIgnoreReader() });
}

describe('language server, which file is it', () => {
  let root: string;
  let environment: FakeEnvironment;
  let client: TestClient | undefined;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'pinwatch-identity-')));
    environment = onRealDisk();
    environment.scanner.truth.set('django==3.2.0', assessed([finding()]));
    environment.scanner.truth.set('flask==0.5', assessed([finding({ id: 'CVE-9', aliases: [], records: ['CVE-9'] })]));
  });
  afterEach(async () => {
    await client?.stop();
    client = undefined;
    rmSync(root, { recursive: true, force: true });
  });

  const write = (file: string, text: string): string => {
    const full = path.join(root, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  };
  async function start(options: ClientOptions): Promise<TestClient> {
    client = await TestClient.start(environment, { findings: true, ...options });
    return client;
  }
  /** What an editor shows of requirements files: the number of diagnostics, by each spelling that they were sent under. */
  const shown = (): Record<string, number> => {
    const last = new Map((client?.published ?? []).map(({ uri, diagnostics }) => [uri, diagnostics.length]));
    return Object.fromEntries([...last].filter(([uri, count]) => count > 0 && !uri.endsWith('.toml')));
  };
  const waitForShown = (expected: Record<string, number>): Promise<true> =>
    client?.waitFor(`${JSON.stringify(expected)}, shown: ${JSON.stringify(shown())}`, () => {
      environment.timers.elapse(500);
      const sorted = (all: Record<string, number>): string => JSON.stringify(Object.entries(all).sort());
      return sorted(shown()) === sorted(expected) ? (true as const) : undefined;
    }) ?? Promise.reject(new Error('not started'));

  for (const [how, spell] of Object.entries(spellings)) {
    for (const name of ['plain', 'c++', 'ws (1) @ c++', 'a&b=c', 'é 日本', '100%', "it's, $5; [x]!"]) {
      it(`in a folder ${name}, spelled ${how}`, async () => {
        const main = write(`${name}/requirements.txt`, '-r base.req\ndjango==3.2.0\n');
        const base = write(`${name}/base.req`, 'flask==0.5\n');
        const svc = write(`${name}/svc/requirements.txt`, 'flask==0.5\n');
        write(`${name}/osv-scanner.toml`, '[[IgnoredVulns]]\nid = "CVE-9"\nreason = "off"\n');
        const mainUri = spell(main);
        const started = await start({
          folders: [spell(path.join(root, name))],
          capabilities: { workspace: { workspaceFolders: true } },
        });
        await started.open(mainUri, '-r base.req\ndjango==3.2.0\n');
        await waitForShown({ [mainUri]: 1 });

        const counts = await started.execute<RescanResult>(serverCommands.rescan);
        assert.deepEqual([counts.files, counts.requirements, counts.vulnerable, counts.unread], [3, 3, 1, undefined]);
        await waitForShown({ [mainUri]: 1 });
        await started.waitFor('the list', () => {
          environment.timers.elapse(200);
          const last = started.findings.at(-1);
          return last?.files === 3 && last.vulnerable.every(({ uri }) => uri === mainUri) ? true : undefined;
        });

        const one = await started.execute<RescanResult>(serverCommands.rescan, { uris: [mainUri] });
        assert.equal(one.files, 1);

        writeFileSync(svc, 'django==3.2.0\n');
        await started.changeOnDisk(spell(svc));
        await waitForShown({ [mainUri]: 1, [asVsCode(svc)]: 1 });
        writeFileSync(base, 'django==3.2.0\n');
        await started.changeOnDisk(spell(base));
        await waitForShown({ [mainUri]: 1, [asVsCode(svc)]: 1, [asVsCode(base)]: 1 });

        const svcUri = spell(svc);
        await started.open(svcUri, 'django==3.2.0\n');
        await waitForShown({ [mainUri]: 1, [svcUri]: 1, [asVsCode(base)]: 1 });
        await started.close(svcUri);
        rmSync(svc);
        await started.changeOnDisk(spell(svc));
        await waitForShown({ [mainUri]: 1, [asVsCode(base)]: 1 });
        const spelled = new Set(started.published.map(({ uri }) => uri));
        const files = new Set([...spelled].map(fileId));
        const twice = [...files].filter((id) => [...spelled].filter((uri) => fileId(uri) === id).length > 1);
        assert.deepEqual(
          twice,
          svcUri === asVsCode(svc) ? [] : [fileId(svcUri)],
          'but for the one that was opened later',
        );
      });
    }
  }

  describe('an event about a folder', () => {
    const text = '-r a/base.txt\n';
    let main: string;
    let folder: string;

    beforeEach(async () => {
      main = asVsCode(write('requirements.txt', text));
      folder = path.join(root, 'a');
      write('a/base.txt', 'django==3.2.0\n');
      const started = await start({ folders: [asVsCode(root)] });
      await started.open(main, text);
      await waitForShown({ [asVsCode(path.join(folder, 'base.txt'))]: 1 });
    });

    it('that is gone is about all below it, and the include says so', async () => {
      rmSync(folder, { recursive: true });
      await client?.changeOnDisk(asVsCode(folder));
      await waitForShown({ [main]: 1 });
      assert.match(JSON.stringify(client?.diagnostics(main)), /include\.unreadable/u);
      await client?.waitForStatus('an unread file', ({ unread }) => unread === 1);
    });

    it('that is there again has what is included read', async () => {
      renameSync(folder, path.join(root, 'b'));
      await client?.changeOnDisk(asVsCode(folder));
      await waitForShown({ [main]: 1 });
      renameSync(path.join(root, 'b'), folder);
      await client?.changeOnDisk(asVsCode(folder));
      await waitForShown({ [asVsCode(path.join(folder, 'base.txt'))]: 1 });
    });

    it('that is new has it searched, where the whole workspace was', async () => {
      await client?.execute(serverCommands.rescan);
      const added = write('svc (1)/requirements.txt', 'flask==0.5\n');
      await client?.changeOnDisk(asVsCode(path.dirname(added)));
      await waitForShown({ [asVsCode(path.join(folder, 'base.txt'))]: 1, [asVsCode(added)]: 1 });
    });

    it('need not come: the next save finds out', async () => {
      rmSync(folder, { recursive: true });
      await client?.notify('textDocument/didSave', { textDocument: { uri: main } });
      await waitForShown({ [main]: 1 });
      write('a/base.txt', 'flask==0.5\n');
      await client?.notify('textDocument/didSave', { textDocument: { uri: main } });
      await waitForShown({ [asVsCode(path.join(folder, 'base.txt'))]: 1 });
    });
  });

  describe('a client that does not watch files', () => {
    const lock = (version: string): string =>
      `version = 1\n\n[[package]]\nname = "django"\nversion = "${version}"\nsource = { registry = "https://pypi.org/simple" }\n`;

    for (const [event, happen] of [
      ['a save', (uri: string) => client?.notify('textDocument/didSave', { textDocument: { uri } })],
      ['an edit', (uri: string) => client?.edit(uri, 2, 0, 0, 0, '# x\n')],
    ] as const) {
      it(`sees at ${event} what has changed on disk`, async () => {
        const text = 'django\n-r base.req\n';
        const main = asVsCode(write('requirements.txt', text));
        const base = write('base.req', 'six==1.16.0\n');
        write('uv.lock', lock('4.2.1'));
        const started = await start({ folders: [asVsCode(root)] });
        await started.open(main, text);
        await started.waitForStatus('idle', ({ state, assessed: count }) => state === 'idle' && count === 2);
        write('uv.lock', lock('3.2.0'));
        write('base.req', 'flask==0.5\n');
        await happen(main);
        await waitForShown({ [main]: 1, [asVsCode(base)]: 1 });
        write('osv-scanner.toml', '[[IgnoredVulns]]\nid = "CVE-9"\nreason = "off"\n');
        await started.notify('textDocument/didSave', { textDocument: { uri: main } });
        await waitForShown({ [main]: 1 });
        write('base.req', 'django==3.2.0\n');
        await started.execute(serverCommands.rescan, { uris: [main] });
        await waitForShown({ [main]: 1, [asVsCode(base)]: 1 });
      });
    }

    it('has at an edit only what decides about that file read again, and at a save everything', async () => {
      const text = 'django\n-r base.req\n';
      const main = asVsCode(write('requirements.txt', text));
      write('base.req', 'six==1.16.0\n');
      write('svc/requirements.txt', 'flask==0.5\n');
      const { files } = environment;
      const read: string[] = [];
      let whenSvcIsRead = (): void => undefined;
      const readAndNote = async (file: FileId, within: readonly FileId[]) => {
        const name = `${nameOf(folderOf(file))}/${nameOf(file)}`;
        read.push(name);
        const text = await files.read(file, within);
        if (name === 'svc/requirements.txt') whenSvcIsRead();
        return text;
      };
      Object.assign(environment, { files: { ...files, read: readAndNote } });
      const started = await start({ folders: [asVsCode(root)] });
      await started.execute(serverCommands.rescan);
      const isLookedAt = new Promise<void>((resolve) => (whenSvcIsRead = resolve));
      await started.open(main, text); // which has everything looked at
      await isLookedAt;
      await started.waitForStatus('idle', ({ state, assessed: count }) => state === 'idle' && count >= 2);
      write('base.req', 'django==3.2.0\n');
      write('svc/requirements.txt', 'django==3.2.0\n');
      read.length = 0;
      await started.edit(main, 2, 0, 0, 0, '# x\n');
      await waitForShown({
        [main]: 1, // the included pin decides what the bare name comes to
        [asVsCode(path.join(root, 'base.req'))]: 1,
        [asVsCode(path.join(root, 'svc/requirements.txt'))]: 1,
      });
      assert.deepEqual(
        [read.some((one) => one.endsWith('/base.req')), read.includes('svc/requirements.txt')],
        [true, false],
      );
      await started.notify('textDocument/didSave', { textDocument: { uri: main } });
      await started.waitForDiagnostics(asVsCode(path.join(root, 'svc/requirements.txt')), 'django', (found) =>
        found.some(({ code }) => code !== 'CVE-9'),
      );
      assert.ok(read.includes('svc/requirements.txt'));
    });
  });

  for (const odd of [
    'file://wsl.localhost/Ubuntu/home',
    'file:///tmp/%zz',
    'file:///tmp/a%00b',
    'file:///tmp/a%2Fb',
    'nonsense',
    '',
  ]) {
    it(`a second folder at "${odd}" is no trouble of the first`, async () => {
      const text = `-r base.txt\n-r file:///tmp/%zz\n-c file://host/x.txt\n`;
      const main = asVsCode(write('ws/requirements.txt', text));
      const base = asVsCode(write('ws/base.txt', 'django==3.2.0\n'));
      write('ws/osv-scanner.toml', '[[IgnoredVulns]]\nid = "CVE-9"\nreason = "off"\n');
      const other = asVsCode(write('ws/svc/requirements.txt', 'flask==0.5\n'));
      const started = await start({ folders: [asVsCode(path.join(root, 'ws')), odd] });
      await started.open(main, text);
      await waitForShown({ [main]: 2, [base]: 1 });
      await started.open(`${odd}/requirements.txt`, 'six==1.16.0\n-r x.txt\n');
      const counts = await started.execute<RescanResult>(serverCommands.rescan);
      assert.deepEqual([counts.vulnerable, counts.files >= 3], [1, true]);
      await started.changeOnDisk(odd);
      await started.notify('textDocument/didSave', { textDocument: { uri: main } });
      await waitForShown({ [main]: 2, [base]: 1, [`${odd}/requirements.txt`]: 1 });
      assert.equal((await started.execute<RescanResult>(serverCommands.rescan, { uris: [other] })).files, 1);
    });
  }

  it('the last include that is deleted is gone on that key', async () => {
    const main = asVsCode(write('requirements.txt', '-r base.txt\n'));
    const base = asVsCode(write('base.txt', 'django==3.2.0\n'));
    const started = await start({ folders: [asVsCode(root)] });
    await started.open(main, '-r base.txt\n');
    await waitForShown({ [base]: 1 });
    await started.edit(main, 2, 0, 0, 11, '');
    await started.waitForDiagnostics(base, 'nothing', (found) => found.length === 0);
  });

  it('an end of included files is said where it is', async () => {
    const main = asVsCode(write('requirements.txt', '-r f0.txt\n'));
    for (let at = 0; at < 510; at++) {
      write(`f${at}.txt`, `-r f${at + 1}.txt\n`);
    }
    write('f510.txt', '-r f0.txt\n');
    const started = await start({ folders: [asVsCode(root)] });
    await started.open(main, '-r f0.txt\n');
    const status = await started.waitForStatus('an unread file', ({ unread }) => unread === 1);
    assert.equal(status.headline === 'clean', false);
    const [told] = started.published.filter(({ diagnostics }) => diagnostics.length > 0);
    assert.match(JSON.stringify(told?.diagnostics), /more than 500 files are included/u);
  });

  for (const [folder, node, other] of [
    ['file:///C:/ws (1)', 'file:///C:/ws%20(1)', 'file:///c%3A/ws%20%281%29'],
    ['file:///c:/ws', 'file:///C:/ws', 'file:///c%3A/ws'],
    ['file://wsl.localhost/Ubuntu/c++', 'file://WSL.localhost/Ubuntu/c++', 'file://wsl.localhost/Ubuntu/c%2B%2B'],
  ] as const) {
    it(`${folder} is one folder for ${node} and ${other}`, async () => {
      environment = new FakeEnvironment();
      environment.scanner.truth.set('django==3.2.0', assessed([finding()]));
      const onDisk = (name: string, text: string): string => {
        environment.disk.set(fileId(`${other}/${name}`), text);
        return `${other}/${name}`;
      };
      onDisk('requirements.txt', '-r base.txt\n');
      const base = onDisk('base.txt', 'django==3.2.0\n');
      const svc = onDisk('svc/requirements.txt', 'django==3.2.0\n');
      const started = await start({
        folders: [folder],
        folderSettings: { [folder]: { privacy: { privatePackages: ['secret'] } } },
      });
      await started.open(`${node}/requirements.txt`, '-r base.txt\nsecret==1.0\n');
      await waitForShown({ [base]: 1 });
      const counts = await started.execute<RescanResult>(serverCommands.rescan);
      assert.deepEqual([counts.files, counts.vulnerable, counts.skipped], [3, 2, 1]);
      environment.disk.delete(svc);
      await started.changeOnDisk(`${node}/svc`);
      await waitForShown({ [base]: 1 });
      assert.ok(!environment.scanner.questions.some(({ pins }) => pins.includes('secret==1.0')));
    });
  }

  it('a file that is open under two addresses is shown under the one that was opened last, until that is closed', async () => {
    const main = write('c++/requirements.txt', 'django==3.2.0\n');
    const [one, two] = [spellings['as Node does'](main), asVsCode(main)];
    const started = await start({ folders: [asVsCode(root)] });
    await started.open(one, 'django==3.2.0\n');
    await waitForShown({ [one]: 1 });
    await started.open(two, 'django==3.2.0\n');
    await waitForShown({ [two]: 1 });
    await started.close(one);
    await started.edit(two, 2, 0, 0, 0, '# x\n');
    await started.waitForDiagnostics(two, 'the second line', ([found]) => found?.range.start.line === 1);
    await started.close(two);
    await waitForShown({});
  });

  it('links, edits and related places have the spelling of the client', async () => {
    const spell = spellings['as Node does'];
    const main = spell(write('c++ (1)/requirements.txt', '-r other.txt\n-c limits.txt\ndjango\n'));
    const other = spell(write('c++ (1)/other.txt', 'flask==0.5\n'));
    const limits = spell(write('c++ (1)/limits.txt', 'django==3.2.0\n'));
    const started = await start({
      folders: [spell(root)],
      capabilities: { textDocument: { publishDiagnostics: { relatedInformation: true } } },
    });
    await started.open(main, '-r other.txt\n-c limits.txt\ndjango\n');
    await started.open(limits, 'django==3.2.0\n');
    await started.open(other, 'flask==0.5\n');
    await waitForShown({ [main]: 1, [other]: 1, [limits]: 1 });
    const links = await started.ask<readonly { target: string }[]>('textDocument/documentLink', main);
    assert.deepEqual(new Set(links.map(({ target }) => target)), new Set([other, limits]));
    const related = await started.waitFor('where it is included', () =>
      started.diagnostics(other)?.[0]?.relatedInformation?.map(({ location }) => location.uri),
    );
    assert.ok(
      related.every((uri) => uri === main || uri === other),
      related.join(),
    );
    const all = JSON.stringify([started.published, started.findings, links]);
    assert.ok(!all.includes(asVsCode(path.join(root, 'c++ (1)'))), 'the other spelling is nowhere');
  });

  for (const [name, given] of [
    ['rootUri', (folder: string) => ({ rootUri: asVsCode(folder) })],
    ['rootPath', (folder: string) => ({ rootPath: folder })],
  ] as const) {
    it(`a client that has only a ${name} has that folder searched`, async () => {
      const main = asVsCode(write('c++/requirements.txt', 'django==3.2.0\n'));
      const started = await start({ initialize: { workspaceFolders: null, ...given(path.join(root, 'c++')) } });
      const counts = await started.execute<RescanResult>(serverCommands.rescan);
      assert.equal(counts.files, 1);
      await waitForShown({ [main]: 1 });
    });
  }

  it('a folder that is missing among others is said, and the others are searched', async () => {
    const main = asVsCode(write('here/requirements.txt', '-r base.txt\n'));
    const base = asVsCode(write('here/base.txt', 'django==3.2.0\n'));
    const started = await start({ folders: [asVsCode(path.join(root, 'gone')), asVsCode(path.join(root, 'here'))] });
    await started.open(main, '-r base.txt\n');
    await waitForShown({ [base]: 1 });
    const counts = await started.execute<RescanResult>(serverCommands.rescan);
    assert.deepEqual([counts.files, counts.unread], [2, 1]);
  });

  it('folders come and go under any spelling', async () => {
    const one = write('c++/requirements.txt', 'django==3.2.0\n');
    const two = write('d (2)/requirements.txt', 'django==3.2.0\n');
    const folder = (file: string, spell: (file: string) => string): string => spell(path.dirname(file));
    const node = spellings['as Node does'];
    const started = await start({
      folders: [folder(one, asVsCode)],
      capabilities: { workspace: { workspaceFolders: true } },
    });
    await started.execute(serverCommands.rescan);
    await waitForShown({ [asVsCode(one)]: 1 });
    await started.addFolder(folder(one, node));
    await started.addFolder(folder(two, node));
    await waitForShown({ [asVsCode(one)]: 1, [asVsCode(two)]: 1 });
    assert.equal((await started.execute<RescanResult>(serverCommands.rescan)).files, 2);
    await started.removeFolder(folder(one, asVsCode));
    await waitForShown({ [asVsCode(two)]: 1 });
  });
});
