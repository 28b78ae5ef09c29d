import path from 'node:path';
import { startOsvService } from '../test/osv-service/osvService.ts';
import { interleave } from './interleave.ts';
import { manyPins, manyRecords } from './manyPins.ts';
import { printRatio } from './printRatio.ts';
import { ServerProcess } from './serverProcess.ts';

const root = path.resolve(import.meta.dirname, '..');

const findings = 50;

/** Where a key is typed, and what it does to the lines. */
const places = [
  { what: 'in a comment', line: 0, character: 5, text: 'y' },
  { what: 'behind a finding', line: 1, character: '# x'.length + 20, text: 'y' },
  { what: 'a new line at the top', line: 0, character: 0, text: '\n' },
] as const;

/** One key typed, until the diagnostics of that version arrive; everything is known already. */
export async function benchKeyToPublish(): Promise<void> {
  const service = await startOsvService({ records: [manyRecords(findings)] });
  const settings = { osv: { url: service.url }, index: { url: '' } };
  const subject = await ServerProcess.start(path.join(root, 'dist/server.js'), settings);
  const floor = await ServerProcess.start(path.join(root, 'bench/echoServer.ts'), {});
  try {
    for (const lines of [200, 2000]) {
      const [first = '', ...others] = manyPins(lines, findings).split('\n');
      const text = [`# ${'x'.repeat(20)}`, `${first} # ${'x'.repeat(20)}`, ...others].join('\n');
      for (const [index, { what, line, character, text: typed }] of places.entries()) {
        const uri = `file:///bench/requirements-${lines}-${index}.txt`;
        let shown: readonly unknown[] = [];
        await subject.open(uri, text, ({ diagnostics }) => (shown = diagnostics).length === findings);
        await floor.open(uri, text, () => true);
        await floor.open(`${uri}.same`, JSON.stringify(shown), () => true);
        let version = 1;
        const type = (server: ServerProcess, document: string): Promise<number> =>
          server.edit(document, ++version, line, character, typed);
        const samples = await interleave(
          [
            { name: 'floor', measure: () => type(floor, uri) },
            { name: 'same', measure: () => type(floor, `${uri}.same`) },
            { name: 'pinwatch', measure: () => type(subject, uri) },
          ],
          { rounds: 100, warmUp: 30 },
        );
        const title = `key to publish, ${what}, ${lines} lines, ${findings} findings, cached`;
        const nothing = { name: 'floor', title: 'a language server that publishes nothing' };
        printRatio(title, samples, 'pinwatch', nothing);
        printRatio(title, samples, 'pinwatch', { name: 'same', title: 'one that repeats the same diagnostics' });
      }
    }
  } finally {
    await Promise.all([floor.stop(), subject.stop(), service.close()]);
  }
}
