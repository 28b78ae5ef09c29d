// A process that is killed: node pendingWriter.ts FOLDER NAME. Adds items and says how many are safe.
import { PendingQueue } from '../../../../../server/src/hosts/node/cache/pendingQueue.ts';

const [folder = '', name = ''] = process.argv.slice(2);
const log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const queue = new PendingQueue({ folder, clock: { now: () => Date.now() }, log, mostItems: 1_000_000 });
for (let batch = 0; ; batch++) {
  const items = Array.from({ length: 50 }, (_, index) => ({ name, version: `${batch}.${index}` }));
  if ((await queue.add(items)) === items.length) {
    console.log(batch);
  }
}
