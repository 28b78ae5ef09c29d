// A process of its own: node useCache.ts FOLDER KEY-TO-READ KEY-TO-WRITE [TEXT]
import { createDiskCache } from '../../../../../server/src/hosts/node/cache/diskCache.ts';
import { noon } from '../../../../support/builders.ts';
import { entry, type Used } from './diskFixture.ts';

const [folder = '', toRead = '', toWrite = '', text = ''] = process.argv.slice(2);
const said: string[] = [];
const say = (message: string): void => void said.push(message);
const cache = createDiskCache({
  folder,
  maxBytes: 16 * 1024 * 1024,
  clock: { now: () => noon },
  log: { error: say, warn: say, info: say, debug: () => {} },
});
const found = await cache.read([toRead]);
cache.write([entry(toWrite, text), entry(`${toWrite}2`, text)]);
await cache.close();
const used: Used = {
  found: Object.fromEntries([...found].map(([key, { json }]) => [key, json])),
  trouble: cache.figures.trouble,
  said,
};
console.log(JSON.stringify(used));
