import path from 'node:path';
import { startOsvService } from '../test/osv-service/osvService.ts';
import { interleave } from './interleave.ts';
import { manyPins, manyRecords } from './manyPins.ts';
import { printRatio } from './printRatio.ts';
import { ServerProcess } from './serverProcess.ts';

const root = path.resolve(import.meta.dirname, '..');
const uri = 'file:///bench/requirements.txt';

/** One key typed into a comment, until the diagnostics of that version arrive; everything is known already. */
export async function benchKeyToPublish(): Promise<void> {
  const service = await startOsvService({ records: [manyRecords(50)] });
  const floor = await ServerProcess.start(path.join(root, 'bench/echoServer.ts'), {});
  const subject = await ServerProcess.start(path.join(root, 'dist/server.js'), { osv: { url: service.url } });
  try {
    for (const lines of [200, 2000]) {
      const text = `# ${'x'.repeat(20)}\n${manyPins(lines, 50)}`;
      const file = `${uri}-${lines}.txt`;
      await floor.open(file, text, () => true);
      await subject.open(file, text, ({ diagnostics }) => diagnostics.length === 50);
      let version = 1;
      const type = (server: ServerProcess): Promise<number> => server.edit(file, ++version, 0, 5, 'y');
      const samples = await interleave(
        [
          { name: 'floor', measure: () => type(floor) },
          { name: 'pinwatch', measure: () => type(subject) },
        ],
        { rounds: 100, warmUp: 20 },
      );
      printRatio(`key to publish, ${lines} lines, 50 findings, cached`, samples, 'pinwatch', {
        name: 'floor',
        title: 'a language server that publishes nothing',
      });
    }
  } finally {
    await Promise.all([floor.stop(), subject.stop(), service.close()]);
  }
}
