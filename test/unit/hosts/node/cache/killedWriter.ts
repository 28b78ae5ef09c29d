// A process that is killed: node killedWriter.ts FOLDER SEED. Waits for a line on its input, then writes and reads as fast
// as it can. It ends by itself only when it reads something that nobody wrote.
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterReal } from '../../../../../server/src/hosts/node/cache/after.ts';
import { createDiskCache } from '../../../../../server/src/hosts/node/cache/diskCache.ts';
import { seededRandom } from '../../../../osv-service/seededRandom.ts';
import { sharedKeys, storeBytes, wrongValue, writtenEntry } from './killedValues.ts';

const [folder = '', seed = '0'] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const fail = (message: string): void => {
  console.error(message);
  process.exit(3);
};
const cache = createDiskCache({
  folder,
  maxBytes: storeBytes,
  clock: { now: () => Date.now() },
  log: { error: fail, warn: fail, info: () => {}, debug: () => {} },
  // Kills must meet writing, so there is no pause before it.
  after: (delayMs, call) => afterReal(Math.min(delayMs, 1), call),
});
console.log('ready');
await once(process.stdin, 'data');
for (let count = 0; ; count++) {
  cache.write(
    Array.from({ length: 40 }, (_, index) => writtenEntry(oneOf(sharedKeys), `${seed}.${count}.${index}`, random())),
  );
  for (const [key, value] of await cache.read([oneOf(sharedKeys), oneOf(sharedKeys)])) {
    const wrong = wrongValue(key, value);
    if (wrong !== undefined) {
      fail(wrong);
    }
  }
  if (count % 40 === 39) {
    await cache.clear();
  }
  await setImmediate();
}

function oneOf(keys: readonly string[]): string {
  return keys[Math.floor(random() * keys.length)] ?? '';
}
