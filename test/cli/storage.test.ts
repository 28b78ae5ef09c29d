import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';

const main = path.resolve(import.meta.dirname, '../../server/src/main/cliMain.ts');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('what pinwatch keeps between runs', function () {
  this.timeout(30_000);
  let service: OsvService;
  let root: string;
  let cacheDir: string;

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
  });
  after(() => service.close());
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'pinwatch-storage-'));
    cacheDir = path.join(root, 'cache');
  });
  afterEach(() => {
    service.reset();
    rmSync(root, { recursive: true, force: true });
  });

  function start(args: readonly string[], stdin: string, environment: object = {}): [ChildProcess, Promise<Ended>] {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    child.stdin.end(stdin);
    const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
    return [child, ended.then(([[code], out, err]) => ({ code: code as number | null, out, err }))];
  }

  function scan(folder: string, more: readonly string[] = [], environment: object = {}, pins = 'django==3.2.0\n') {
    const where = ['--osv-url', service.url, '--index-url', 'none', '--cache-dir', folder];
    return start(['scan', '-', ...where, ...more], pins, environment);
  }

  async function scanned(folder = cacheDir, more: readonly string[] = [], environment: object = {}): Promise<Ended> {
    return await scan(folder, more, environment)[1];
  }

  it('is not used where others can write, and a line says so', async function () {
    if (process.platform === 'win32') {
      return this.skip();
    }
    assert.deepEqual((await scanned()).err, '');
    chmodSync(cacheDir, 0o777);
    service.reset();
    const { code, err } = await scanned();
    assert.equal(code, 1);
    assert.equal(service.traffic.requests.querybatch, 1, 'asked again');
    assert.match(err, /^pinwatch: .*cache in ".*" is not used: other users can write to .*\n$/u);
    const stats = await start(['cache', 'stats', '--cache-dir', cacheDir], '')[1];
    assert.equal(stats.code, 2);
    assert.match(stats.err, /is not used: other users can write/u);
  });

  it('is believed with PINWATCH_CACHE_KEY only where it was kept with it', async () => {
    const key = { PINWATCH_CACHE_KEY: 'a secret of the team' };
    await scanned();
    service.reset();
    const first = await scanned(cacheDir, [], key);
    assert.equal(service.traffic.requests.querybatch, 1);
    assert.match(first.err, /kept without this PINWATCH_CACHE_KEY; they are not used/u);
    if (process.platform !== 'win32') {
      chmodSync(cacheDir, 0o777);
    }
    service.reset();
    const second = await scanned(cacheDir, [], key);
    assert.deepEqual([second.code, second.err, service.traffic.log.length], [1, '', 0]);
    const stats = await start(['cache', 'stats', '--cache-dir', cacheDir, '--format', 'json'], '', key)[1];
    const figures = JSON.parse(stats.out) as { entries: number; rejected: number };
    assert.deepEqual([stats.code, figures.entries > 0, figures.rejected], [0, true, 0]);
    const others = await start(['cache', 'stats', '--cache-dir', cacheDir], '', { PINWATCH_CACHE_KEY: 'other' })[1];
    assert.match(others.out, /(\d+) entries, .* MB, \1 of them not used/u);
    assert.doesNotMatch(JSON.stringify([first, second, stats, others]), /a secret of the team/u);
  });

  it('is not kept in Redis without PINWATCH_CACHE_KEY, and a line says so', async () => {
    const { code, err } = await scanned(cacheDir, ['--redis-url', 'redis://127.0.0.1:1']);
    assert.equal(code, 1);
    assert.match(err, /^pinwatch: .*Redis at 127\.0\.0\.1:1 is not used: .*PINWATCH_CACHE_KEY.*\n$/u);
  });

  it('goes on without a folder that cannot be made, and one line says so', async () => {
    const file = path.join(root, 'file');
    writeFileSync(file, '');
    const folders = [
      path.join(file, 'x'),
      path.join(root, 'n'.repeat(300)),
      ...(existsSync('/proc') ? ['/proc/x/y'] : []),
    ];
    for (const folder of folders) {
      const { code, err } = await scanned(folder);
      assert.equal(code, 1);
      assert.match(err, /^pinwatch: .*cannot be used.*\n$/u, folder);
    }
  });

  it('has what was answered before --timeout', async () => {
    service.faults.set('querybatch', { kind: 'stall' }, { skip: 1, times: 5 });
    const pins = Array.from({ length: 1500 }, (_, index) => `clean-${index}==1.0\n`).join('');
    const { code } = await scan(cacheDir, ['--timeout', '3'], {}, pins)[1];
    assert.equal(code, 3);
    service.reset();
    assert.equal((await scan(cacheDir, [], {}, pins)[1]).code, 0);
    assert.equal(service.traffic.batches.flat().length, 500);
  });

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`has what was answered before ${signal}, which is told by the exit code`, async function () {
      if (process.platform === 'win32') {
        return this.skip(); // there are no signals
      }
      service.faults.set('querybatch', { kind: 'stall' }, { skip: 1, times: 5 });
      const pins = Array.from({ length: 1500 }, (_, index) => `clean-${index}==1.0\n`).join('');
      const [child, ended] = scan(cacheDir, [], {}, `django==3.2.0\n${pins}`);
      await service.waitFor(({ requests }) => requests.querybatch === 2 && requests.query === 1);
      child.kill(signal);
      const { code, out } = await ended;
      assert.equal(code, expected, 'though there is a finding');
      assert.match(out, /interrupted/u);
      service.reset();
      await scan(cacheDir, [], {}, `django==3.2.0\n${pins}`)[1];
      assert.ok(service.traffic.batches.flat().length <= 501, 'the second batch alone');
    });
  }

  it('ends by a signal though it waits for its input', async function () {
    if (process.platform === 'win32') {
      return this.skip();
    }
    mkdirSync(cacheDir);
    const child = spawn(process.execPath, [main, 'scan', '-', '--osv-url', service.url], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    // It has read a first line, so its handlers are in place.
    await new Promise<void>((resolve) => child.stdin.write('six==1.16.0\n'.repeat(100_000), () => resolve()));
    child.kill('SIGTERM');
    const startedAt = performance.now();
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 143);
    assert.ok(performance.now() - startedAt < 4_000, 'not by the limit alone');
  });
});
