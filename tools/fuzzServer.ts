import { parseArgs } from 'node:util';
import { fuzzServer } from '../test/support/lspFuzz.ts';

/** `node tools/fuzzServer.ts --messages 100000 --seed 1 --runs 1`: random messages for the language server; ends with 1 at a fault. */
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
  },
});
for (let run = 0; run < Number(values.runs); run++) {
  const seed = Number(values.seed) + run;
  const startedMs = performance.now();
  const { messages, faults } = await fuzzServer(seed, Number(values.messages));
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.log(`seed ${seed}: ${messages} messages, ${faults.length} faults, ${seconds} s`);
  faults.forEach((fault) => console.log(`  ${fault.slice(0, 2000)}`));
  if (faults.length > 0) process.exitCode = 1;
}
