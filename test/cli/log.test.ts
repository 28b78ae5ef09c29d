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
    assert.deepEqual(Object.keys(statistics.timings), ['read', 'prepare', 'place', 'lookUp', 'assess', 'judge']);
    const last = (await logged('--log-level', 'debug')).at(-1);
    assert.deepEqual([last?.['event'], last?.['requirements']], ['scan.finished', 2]);
    assert.deepEqual(Object.keys(last?.['timings'] as object), Object.keys(statistics.timings));
    assert.ok(!(await logged()).some(({ event }) => event === 'scan.finished'));
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
