// One of many that start at once: node startWriter.ts FOLDER NAME. Waits for a line on its input, then keeps one answer and
// one look-up, and says what it was told.
import { once } from 'node:events';
import { createDiskCache } from '../../../../../server/src/hosts/node/cache/diskCache.ts';
import { PendingQueue } from '../../../../../server/src/hosts/node/cache/pendingQueue.ts';
import { entry, valueOf } from './diskFixture.ts';

const [folder = '', name = ''] = process.argv.slice(2);
const said: string[] = [];
const say = (message: string): void => void said.push(message);
const log = { error: say, warn: say, info: say, debug: () => {} };
const clock = { now: () => Date.now() };
const cache = createDiskCache({ folder, maxBytes: 16 * 1024 * 1024, clock, log });
const pending = new PendingQueue({ folder, clock, log });
console.log('ready');
await once(process.stdin, 'data');
await cache.read([name]);
cache.write([entry(name, valueOf(name), Date.now())]);
await pending.add([{ name }]);
await cache.close();
await pending.close();
console.log(JSON.stringify({ said, trouble: cache.figures.trouble ?? pending.trouble ?? null }));
process.stdin.destroy();
