import os from 'node:os';
import { benchCli } from './cli.ts';

import { benchColdScan } from './coldScan.ts';
import { benchDatabase } from './database.ts';
import { benchEditor } from './editor.ts';
import { benchEstate } from './estate.ts';
import { benchKeyToPublish } from './keyToPublish.ts';
import { benchLoad } from './load.ts';
import { benchLockKeys } from './lockKeys.ts';
import { benchMemory } from './memory.ts';
import { benchParse } from './parse.ts';
import { runProfiled } from './profiled.ts';
import { benchPins } from './pins.ts';
import { benchPolicy } from './policy.ts';
import { benchRequests } from './requests.ts';
import { remember, worseThanBefore } from './history.ts';
import { benchScan } from './scan.ts';
import { benchServer } from './server.ts';
import { benchStore } from './store.ts';
import { benchTurns } from './turns.ts';
import { benchWorstCase } from './worstCase.ts';

/** `npm run bench -- SUITE`. Ratios to something measured in the same run say more than milliseconds, which are the machine's. */
const suites: Readonly<Record<string, () => void | Promise<void>>> = {
  quick: async () => {
    await benchKeyToPublish();
    await benchColdScan();
  },
  cli: benchCli,
  cold: benchColdScan,
  database: benchDatabase,
  editor: benchEditor,
  estate: benchEstate,
  keys: benchKeyToPublish,
  load: async () => {
    const [, seconds] = process.argv.slice(2);
    remember('load', await benchLoad(seconds === undefined ? undefined : Number(seconds)));
  },
  locks: benchLockKeys,
  parse: benchParse,
  pins: benchPins,
  policy: benchPolicy,
  requests: benchRequests,
  memory: benchMemory,
  scan: benchScan,
  // One part of it, by the name of its function, is measured and not remembered.
  server: async () => {
    const [, part] = process.argv.slice(2);
    const figures = await benchServer(part);
    if (part === undefined) {
      remember('server', figures);
    }
  },
  compare: async () => {
    const worse = worseThanBefore('server', await benchServer());
    worse.forEach((line) => console.log(`WORSE ${line}`));
    process.exitCode = worse.length === 0 ? 0 : 1;
  },
  store: benchStore,
  turns: benchTurns,
  worst: benchWorstCase,
};

const args = process.argv.slice(2);
const [name = 'quick'] = args;
const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
if (args.includes('--profile')) {
  process.exitCode = runProfiled(args.filter((one) => one !== '--profile'));
} else if (suite === undefined) {
  console.error(`There is no benchmark "${name}"; there are ${Object.keys(suites).join(', ')}.`);
  process.exitCode = 2;
} else {
  console.log(`Node ${process.versions.node}, ${os.cpus().length} cores, load ${load()}`);
  await suite();
  console.log(`load at the end ${load()}`);
}

function load(): string {
  return os
    .loadavg()
    .map((average) => average.toFixed(2))
    .join(' ');
}
