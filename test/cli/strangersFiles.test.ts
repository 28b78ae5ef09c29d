import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { reportFormatIds } from '../../server/src/core/report/formats.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';

const main = path.resolve(import.meta.dirname, '../../server/src/main/cliMain.ts');
const isWindows = process.platform === 'win32';

/** Links, pipes and devices that a pull request may bring, and what a user may name all the same. */
describe("pinwatch and a stranger's files", function () {
  this.timeout(30_000);
  let service: OsvService;
  let root: string;
  const at = (...parts: string[]): string => path.join(root, ...parts);

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
  });
  after(() => service.close());
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-stranger-'));
    mkdirSync(at('repo'));
    mkdirSync(at('outside'));
    writeFileSync(at('outside', 'secret.txt'), 'django==3.2.0\nmytoken==sekret123\npassword hunter2\n');
  });
  afterEach(() => {
    service.reset();
    rmSync(root, { recursive: true });
  });

  async function scan(args: readonly string[], { cwd = at('repo'), stdin = '' } = {}): Promise<Ran> {
    const all = [main, 'scan', '--osv-url', service.url, '--index-url', 'none', '--no-cache', ...args];
    const child = spawn(process.execPath, all, { stdio: ['pipe', 'pipe', 'pipe'], cwd });
    child.stdin.end(stdin);
    const [[code], out, err] = await Promise.all([
      once(child, 'exit') as Promise<[number]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code, said: out + err };
  }

  for (const format of reportFormatIds) {
    it(`reads, prints, sends and writes nothing behind a link that leads out (${format})`, async () => {
      writeFileSync(at('repo', 'requirements.txt'), 'six==1.16.0\n-r link.txt\n-c folder/secret.txt\n');
      symlinkSync('../outside/secret.txt', at('repo', 'link.txt'));
      symlinkSync('../outside', at('repo', 'folder'));
      for (const [args, cwd] of [
        [['requirements.txt', '--fix'], at('repo')],
        [['repo'], at()],
      ] as const) {
        const { code, said } = await scan([...args, '--format', format], { cwd });
        assert.equal(code, 3, said);
        assert.match(said, /link\\?\.txt was not read/u);
        assert.match(said, /folder\/secret\\?\.txt was not read/u);
        assert.doesNotMatch(said, /sekret|hunter|mytoken|django/iu);
      }
      assert.doesNotMatch(JSON.stringify(service.traffic.batches), /django|token/u);
      assert.match(readFileSync(at('outside', 'secret.txt'), 'utf8'), /^django==3\.2\.0\n/u);
    });
  }

  it('follows links that stay inside, and what the user names', async () => {
    mkdirSync(at('repo', 'pins'));
    writeFileSync(at('repo', 'pins', 'base.txt'), 'django==3.2.0\n');
    writeFileSync(at('repo', 'requirements.txt'), '-r link.txt\n-r folder/base.txt\n');
    symlinkSync('pins/base.txt', at('repo', 'link.txt'));
    symlinkSync('pins', at('repo', 'folder'));
    assert.equal((await scan(['requirements.txt', '--strict'])).code, 1);
    symlinkSync('../outside/secret.txt', at('repo', 'named.txt'));
    const named = await scan(['named.txt', '--fix']);
    assert.equal(named.code, 1);
    assert.match(named.said, /"named\.txt" was not changed: it is outside/u);
    assert.equal((await scan(['/dev/stdin'], { stdin: 'django==3.2.0\n' })).code, 1);
  });

  it('ends at once with files that never end, and says which it did not read', async function () {
    if (isWindows) {
      this.skip(); // there are none
    }
    writeFileSync(at('repo', 'requirements.txt'), 'six==1.16.0\n-r pipe.txt\n-c zero.txt\n');
    execFileSync('mkfifo', [
      at('repo', 'pipe.txt'),
      at('repo', 'osv-scanner.toml'),
      at('repo', 'dev-requirements.txt'),
    ]);
    symlinkSync('/dev/zero', at('repo', 'zero.txt'));
    symlinkSync('/dev/zero', at('repo', 'pyproject.toml'));
    const { code, said } = await scan(['.']);
    assert.equal(code, 3);
    for (const name of ['pipe.txt', 'zero.txt', 'osv-scanner.toml', 'pyproject.toml', 'dev-requirements.txt']) {
      assert.match(said, new RegExp(`${name}"? (?:was not|could not be) read`, 'u'));
    }
    writeFileSync(at('repo', 'requirements.txt'), 'django==3.2.0\n');
    assert.equal((await scan(['requirements.txt'])).code, 1);
  });

  it('ends at once with files of more lines than are read, however they end, alone or together', async () => {
    for (const [name, text] of [
      ['a-requirements.txt', 'a\n'.repeat(250_001)],
      ['b-requirements.txt', '\r'.repeat(5_000_000)],
      ['c-requirements.txt', '\f'.repeat(5_000_000)],
    ] as const) {
      writeFileSync(at('repo', name), text);
      const { code, said } = await scan([name]);
      assert.equal(code, 3);
      assert.match(said, new RegExp(`${name}" was not read: it has more than 250000 lines`, 'u'));
      rmSync(at('repo', name));
    }
    const piped = await scan(['-'], { stdin: '\r'.repeat(3_000_000) });
    assert.equal(piped.code, 3);
    assert.match(piped.said, /standard input" was not read: it has more than 250000 lines/u);
    for (const name of ['1', '2', '3']) {
      writeFileSync(at('repo', `${name}-requirements.txt`), `# ${name}${'\n'.repeat(200_000)}`);
    }
    writeFileSync(at('repo', '4-requirements.txt'), 'django==3.2.0\n-r 3-requirements.txt\n');
    const { code, said } = await scan(['.']);
    assert.equal(code, 1);
    assert.match(said, /3-requirements\.txt" was not read: the files of this scan have more than 500000 lines/u);
    assert.match(said, /3-requirements\.txt was not read: the files of this scan/u);
  });

  it('fixes what can be written, and forgets nothing of what was read from a pipe', async () => {
    writeFileSync(at('repo', 'requirements.txt'), 'django==3.2.0\n');
    symlinkSync('requirements.txt', at('repo', 'requirements-linked.txt'));
    const args = ['requirements.txt', 'requirements-linked.txt', '/dev/stdin', '--fix', '--format', 'json'];
    const { code, said } = await scan(args, { stdin: 'django==3.2.0\n' });
    assert.equal(code, 1, said);
    assert.match(readFileSync(at('repo', 'requirements.txt'), 'utf8'), /^django==(?!3\.2\.0\n)/u);
    assert.doesNotMatch(said, /requirements-linked\.txt" (?:was not|could not be) changed/u);
    assert.match(said, /"path": "\/dev\/stdin"/u);
    assert.match(said, /"vulnerable": 1,/u);
  });

  it('ends in time where the user names a pipe that nobody writes to', async function () {
    if (isWindows) {
      this.skip();
    }
    execFileSync('mkfifo', [at('repo', 'pipe.txt')]);
    writeFileSync(at('repo', 'r.txt'), 'six==1.16.0\n');
    const { code, said } = await scan(['r.txt', 'pipe.txt', '--timeout', '1']);
    assert.equal(code, 3);
    assert.match(said, /"pipe\.txt" was not read: The scan took longer than 1 s\./u);
  });

  it('does not wait for a pipe where it can neither be read nor written, so that it can be ended', async function () {
    if (isWindows) {
      this.skip();
    }
    execFileSync('mkfifo', [at('repo', 'pipe')]);
    writeFileSync(at('repo', 'r.txt'), 'six==1.16.0\n');
    const all = [main, 'db', 'import', 'pipe', '--database', at('database')];
    const importing = spawn(process.execPath, all, { cwd: at('repo'), stdio: 'ignore' });
    assert.deepEqual(await once(importing, 'exit'), [2, null]);
    const args = [main, 'scan', 'r.txt', '--osv-url', service.url, '--index-url', 'none', '--output', 'pipe'];
    const scanning = spawn(process.execPath, args, { cwd: at('repo'), stdio: 'ignore' });
    await service.waitFor(({ requests }) => requests.querybatch === 1, 25_000);
    scanning.kill('SIGTERM');
    assert.deepEqual(await once(scanning, 'exit'), [143, null]);
  });

  it('names the environments that it does not search, and searches build folders', async () => {
    for (const folder of ['build', '.github', 'env', '.venv']) {
      mkdirSync(at('repo', folder));
      writeFileSync(at('repo', folder, 'requirements.txt'), 'six==1.16.0\n');
    }
    writeFileSync(at('repo', '.venv', 'pyvenv.cfg'), '');
    const { code, said } = await scan(['.', '--format', 'json']);
    assert.equal(code, 0);
    const report = JSON.parse(said) as { files: { path: string }[]; skippedPaths: object[] };
    assert.deepEqual(
      report.files.map((file) => file.path),
      ['.github/requirements.txt', 'build/requirements.txt', 'env/requirements.txt'],
    );
    assert.deepEqual(report.skippedPaths, [{ path: '.venv', reason: 'a virtual environment' }]);
    assert.equal((await scan(['.', '--strict'])).code, 3);
  });
});

interface Ran {
  readonly code: number;
  readonly said: string;
}
