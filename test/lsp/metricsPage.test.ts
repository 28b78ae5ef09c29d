import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { scanMetrics } from '../../server/src/core/report/formats/metrics.ts';
import { cleanReport } from '../support/reportFixture.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';

const page = path.resolve(import.meta.dirname, '../../docs/operations/metrics.md');

const promtool = (input: string): { status: number | null; said: string } => {
  const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], { encoding: 'utf8', input });
  return { status: error === undefined ? status : 127, said: `${stdout}${stderr}` };
};

describe('the page about metrics', () => {
  it('names exactly those that editor and command line have, each with its type', async () => {
    const environment = new FakeEnvironment();
    environment.processFigures = () => ({
      rssBytes: 1,
      uptimeSeconds: 2,
      cpuSeconds: 3,
      loopDelay: { p50Seconds: 0.001, p99Seconds: 0.02, maxSeconds: 0.2 },
    });
    const client = await TestClient.start(environment);
    await client.open('file:///ws/requirements.txt', 'django==3.2.0\n');
    await client.waitForStatus('the answer', ({ assessed }) => assessed === 1);
    const text = await client.request<string>('workspace/executeCommand', { command: 'pinwatch.server.metrics' });
    await client.stop();
    const { status, said } = promtool(text);
    assert.ok(status === 127 || status === 0, said); // 127: there is none on this machine
    const scan = scanMetrics(cleanReport(), { time: '2026-11-28T12:00:00Z', version: '1', repository: undefined });
    const typesIn = (prometheus: string): readonly string[] =>
      [...prometheus.matchAll(/^# TYPE (\S+) (\S+)$/gmu)].map(([, name, type]) => `${name} ${type}`);
    const rows = [...readFileSync(page, 'utf8').matchAll(/^\| `(pinwatch_\w+)` \| (\w+) \|/gmu)];
    const documented = rows.map(([, name, type]) => `${name} ${type}`);
    assert.deepEqual(documented.toSorted(), [...new Set([...typesIn(text), ...typesIn(scan)])].toSorted());
  });
});
