import assert from 'node:assert/strict';
import { run } from '../../server/src/cli/run.ts';
import { FakeIo } from '../support/fakeIo.ts';

describe('the log of a scan', () => {
  const scan = async (...options: readonly string[]) => {
    const io = new FakeIo();
    io.disk.set('requirements.txt', 'django==3.2.0\nsix==1.16.0\n-r gone.txt\n');
    const code = await run(['scan', 'requirements.txt', ...options], io);
    return { io, code, lines: io.err.split('\n').filter((line) => line !== '') };
  };
  const logged = async (...options: readonly string[]) =>
    (await scan('--log', 'json', ...options)).lines.map(
      (line) => JSON.parse(line) as Readonly<Record<string, unknown>>,
    );

  it('has time, level, event and the id of the scan in every line, and the report has that id', async () => {
    const { io, lines } = await scan('--log', 'json', '--log-level', 'debug', '--format', 'json');
    assert.ok(lines.length > 1);
    for (const line of lines) {
      const { time, level, event, scanId, message } = JSON.parse(line) as Record<string, string>;
      assert.match(time ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/u);
      assert.match(level ?? '', /^(?:error|warn|info|debug)$/u);
      assert.deepEqual([typeof event, scanId, typeof message], ['string', 'scan-1', 'string']);
    }
    assert.equal((JSON.parse(io.out) as { scanId: string }).scanId, 'scan-1');
  });

  it('ends with what the scan came to and took, for those who ask', async () => {
    const { io } = await scan('--format', 'json');
    const { statistics } = JSON.parse(io.out) as {
      statistics: { durationMs: number; timings: Record<string, number> };
    };
    assert.deepEqual(Object.keys(statistics.timings), [
      ...['discover', 'read', 'batch', 'packages', 'index', 'cache', 'parse'],
      ...['prepare', 'place', 'lookUp', 'assess', 'judge'],
    ]);
    const lines = await logged('--log-level', 'debug');
    const [last, written] = lines.slice(-2);
    assert.deepEqual([written?.['event'], written?.['reports']], ['report.written', 1]);
    assert.deepEqual([last?.['event'], last?.['requirements']], ['scan.finished', 2]);
    assert.deepEqual(Object.keys(last?.['timings'] as object), Object.keys(statistics.timings));
    assert.ok(!(await logged()).some(({ event }) => event === 'scan.finished'));
  });

  it('has parts that add up to the whole', async () => {
    const io = new FakeIo();
    io.disk.set('requirements.txt', 'django==3.2.0\n');
    let now = 0;
    io.elapsedMs = () => (now += 0.7);
    await run(['scan', 'requirements.txt', '--log', 'json', '--log-level', 'debug', '--format', 'json'], io);
    const { durationMs, timings } = (JSON.parse(io.out) as { statistics: ScanTimes }).statistics;
    const lines = io.err.trim().split('\n');
    const finished = lines.map((line) => JSON.parse(line) as ScanTimes & { readonly event: string });
    const last = finished.find(({ event }) => event === 'scan.finished');
    for (const one of [{ durationMs, timings }, last]) {
      assert.ok((one?.durationMs ?? 0) > 5);
      assert.equal(
        Object.values(one?.timings ?? {}).reduce((sum, ms) => sum + ms, 0),
        one?.durationMs,
      );
    }
    assert.ok((timings['read'] ?? 0) > 0);
  });

  it('has no text of a document and no private name', async () => {
    const io = new FakeIo();
    io.disk.set('pinwatch.toml', '[privacy]\nprivate-packages = ["acme-*"]\n');
    io.disk.set('requirements.txt', 'acme-vault==1.0\ndjango==3.2.0  # the-comment\nthis is no requirement!\n');
    await run(['scan', 'requirements.txt', '--log', 'json', '--log-level', 'debug', '--format', 'json'], io);
    assert.ok(io.err.includes('scan.finished'), io.err);
    assert.doesNotMatch(io.err, /acme-vault|the-comment|no requirement!/u);
  });

  it('audits what is done to what is kept', async () => {
    const io = new FakeIo();
    io.cache = {
      stats: () => Promise.reject(new Error('not asked')),
      clear: () => Promise.resolve({ entries: 7, bytes: 9, rejected: 0, trouble: undefined }),
    };
    assert.equal(await run(['cache', 'clear', '--cache-dir', 'kept', '--log', 'json'], io), 0);
    const { event, entries } = JSON.parse(io.err) as Record<string, unknown>;
    assert.deepEqual([event, entries], ['cache.cleared', 7]);
    assert.match(io.out, /^Removed 7 entries from kept$/mu);
  });

  it('is JSON for a database that cannot be used, too', async () => {
    const io = new FakeIo();
    assert.equal(await run(['match', '--jsonl', '--database', '/no/database', '--log', 'json'], io), 2);
    assert.equal((JSON.parse(io.err) as { readonly event: string }).event, 'database.failed');
  });

  it('leaves out what is less urgent than asked for', async () => {
    assert.ok((await logged('--log-level', 'warn')).every(({ level }) => level === 'warn' || level === 'error'));
    assert.ok(
      (await scan('--log-level', 'warn', '--format', 'openvex')).lines.some((line) => line.includes('gone.txt')),
    );
    assert.deepEqual((await scan('--log-level', 'error', '--format', 'openvex')).lines, []);
  });

  for (const [option, value, why] of [
    ['--log-level', 'loud', /--log-level should be one of error, warn, info, debug/u],
    ['--concurrency', '0', /--concurrency should be a whole number from 1 to 250/u],
    ['--concurrency', '2.5', /--concurrency should be a whole number/u],
  ] as const) {
    it(`refuses ${option} ${value}`, async () => {
      const { code, lines } = await scan(option, value);
      assert.equal(code, 2);
      assert.match(lines[0] ?? '', why);
    });
  }
});

interface ScanTimes {
  readonly durationMs: number;
  readonly timings: Readonly<Record<string, number>>;
}
