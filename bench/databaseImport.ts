import { readFileSync } from 'node:fs';
import { createAdvisoryDatabases } from '../server/src/hosts/node/database/advisoryDatabases.ts';
import { normalizeName } from '../server/src/core/packages/packageName.ts';
import { systemClock } from '../server/src/hosts/node/process/systemClock.ts';

// A process of its own, for its peak memory: `nothing`, `import FOLDER FILE` or `match FOLDER`. Prints JSON.
const [what, folder = '', file = ''] = process.argv.slice(2);
const databases = createAdvisoryDatabases({ defaultFolder: folder, clock: systemClock, version: '0.0.0' });
const startedMs = performance.now();
let [records, bytes] = [0, 0];
if (what === 'import') {
  const options = { onProgress: () => undefined, signal: new AbortController().signal };
  const { status } = await databases.importFile(folder, file, options);
  [records, bytes] = [status.records, status.bytes];
} else {
  // Loads SQLite, for a fair comparison.
  const database = what === 'match' ? databases.open(folder) : undefined;
  database?.advisoriesOf(normalizeName('django'));
  database?.close();
}
const ms = performance.now() - startedMs;
console.log(JSON.stringify({ records, bytes, ms, peakBytes: peakBytes() }));

/** Of this program alone: Linux counts into `maxRSS` what the parent held when it forked. */
function peakBytes(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const kilobytes = /^VmHWM:\s*(\d+) kB/mu.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kilobytes) * 1024;
}
