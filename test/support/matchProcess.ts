import { createInterface } from 'node:readline';
import { createAdvisoryDatabases } from '../../server/src/hosts/node/database/advisoryDatabases.ts';
import { createDatabaseSource } from '../../server/src/hosts/node/database/databaseSource.ts';
import { normalizeName } from '../../server/src/core/packages/packageName.ts';
import { systemClock } from '../../server/src/hosts/node/process/systemClock.ts';

// A process of its own that looks up the package of each line of its input, and says what became of it.
const [folder = ''] = process.argv.slice(2);
const databases = createAdvisoryDatabases({ defaultFolder: folder, clock: systemClock, version: '1.2.3' });
const source = createDatabaseSource(() => databases.open(folder), systemClock);
for await (const name of createInterface({ input: process.stdin })) {
  try {
    const [answer] = await source.query([{ name: normalizeName(name), version: '1.0' }], new AbortController().signal);
    console.log(answer?.kind === 'matches' ? `${answer.matches.length} found` : 'failed');
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error));
  }
}
await source.close();
