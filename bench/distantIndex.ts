import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { CannedIndexOptions } from './cannedIndex.ts';
import type { DistantService } from './distantService.ts';

export interface IndexDistance extends CannedIndexOptions {
  readonly roundTripMs: number;
}

/** A stand-in for a package index behind a line with a delay, in a process of its own; files are at another address than pages. */
export async function startDistantIndex(distance: IndexDistance): Promise<DistantService> {
  const child = fork(path.join(import.meta.dirname, 'distantIndexProcess.ts'), [JSON.stringify(distance)]);
  const [{ url, ca }] = (await once(child, 'message')) as [{ readonly url: string; readonly ca: string }];
  return {
    url,
    ca,
    close: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
