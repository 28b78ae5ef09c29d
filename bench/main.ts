import os from 'node:os';
import { benchColdScan } from './coldScan.ts';
import { benchKeyToPublish } from './keyToPublish.ts';

// `npm run bench -- quick`: figures as ratios to a floor measured in the same run, turn by turn. Absolute times say more
// about the machine than about Pinwatch.
const [suite = 'quick'] = process.argv.slice(2);
if (suite !== 'quick') {
  console.error(`There is no benchmark "${suite}"; there is "quick".`);
  process.exitCode = 2;
} else {
  console.log(`Node ${process.versions.node}, ${os.cpus().length} cores, load ${load()}`);
  await benchKeyToPublish();
  await benchColdScan();
  console.log(`load at the end ${load()}`);
}

function load(): string {
  return os
    .loadavg()
    .map((average) => average.toFixed(2))
    .join(' ');
}
