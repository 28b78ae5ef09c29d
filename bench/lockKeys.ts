import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startOsvService } from '../test/osv-service/osvService.ts';
import { interleave } from './interleave.ts';
import { manyPins, manyRecords } from './manyPins.ts';
import { printRatio } from './printRatio.ts';
import { ServerProcess } from './serverProcess.ts';

const root = path.resolve(import.meta.dirname, '..');
const findings = 50;
const packages = 560;

/** A uv.lock of 1 MB; the first packages are vulnerable. */
function uvLock(): string {
  const pins = manyPins(packages, findings).trim().split('\n');
  const hash = 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';
  const blocks = pins.map((pin, at) => {
    const [name = '', version = ''] = pin.split('==');
    const children = [1, 2, 3].map((step) => pins[at * 3 + step]?.split('==')[0] ?? 'nothing');
    const wheel = `    { url = "https://files.pythonhosted.org/packages/aa/bb/${name}-${version}-cp313.whl", hash = "${hash}", size = 1 },`;
    return [
      '[[package]]',
      `name = "${name}"`,
      `version = "${version}"`,
      'source = { registry = "https://pypi.org/simple" }',
      'dependencies = [',
      ...children.map((child) => `    { name = "${child}" },`),
      ']',
      'wheels = [',
      ...Array.from({ length: 10 }, () => wheel),
      ']',
      '',
    ].join('\n');
  });
  return `version = 1\nrevision = 2\n\n${blocks.join('\n')}`;
}

/** One key typed in a lock of 1 MB, until the diagnostics of that version arrive; everything is known already. */
export async function benchLockKeys(): Promise<void> {
  const service = await startOsvService({ records: [manyRecords(findings)] });
  const settings = { osv: { url: service.url }, index: { url: '' } };
  const subject = await ServerProcess.start(path.join(root, 'dist/server.js'), settings);
  const floor = await ServerProcess.start(path.join(root, 'bench/echoServer.ts'), {});
  const text = uvLock();
  const lines = text.split('\n');
  const middle = lines.indexOf('[[package]]', lines.length / 2);
  console.log(`uv.lock of ${text.length} characters`);
  try {
    for (const [index, { what, line, character }] of [
      { what: 'in a hash', line: middle + 13, character: 100 },
      { what: 'in a version', line: middle + 2, character: 11 },
      { what: 'in a name', line: middle + 1, character: 10 },
    ].entries()) {
      const uri = `file:///bench/${index}/uv.lock`;
      let shown: readonly unknown[] = [];
      await subject.open(uri, text, ({ diagnostics }) => (shown = diagnostics).length >= findings);
      await floor.open(`${uri}.same`, JSON.stringify(shown), () => true);
      let version = 1;
      let cpuMs = 0;
      const samples = await interleave(
        [
          { name: 'same', measure: () => floor.edit(`${uri}.same`, ++version, line, character, '1') },
          {
            name: 'pinwatch',
            measure: async () => {
              const before = threadMs(subject.pid);
              const ms = await subject.edit(uri, ++version, line, character, '1');
              cpuMs += threadMs(subject.pid) - before;
              return ms;
            },
          },
        ],
        { rounds: 60, warmUp: 20 },
      );
      printRatio(`key to publish, ${what} of a uv.lock of 1 MB, ${findings} findings`, samples, 'pinwatch', {
        name: 'same',
        title: 'one that repeats the same diagnostics',
      });
      console.log(`processor time of the server's own thread, a key: ${(cpuMs / 80).toFixed(2)} ms`);
    }
  } finally {
    await Promise.all([floor.stop(), subject.stop(), service.close()]);
  }
}

/** Processor time of the first thread of a process so far, as Linux counts it. */
function threadMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}
