import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export interface DistantService {
  readonly url: string;
  readonly ca: string;
  close(): Promise<void>;
}

export interface Distance {
  /** How many packages have one advisory each. */
  readonly count: number;
  readonly roundTripMs: number;
  readonly serviceMs: number;
  /** How many requests it takes at a time on one HTTP/2 connection. */
  readonly streams: number;
  /** One of so many requests fails; none where absent. */
  readonly failsOneIn?: number;
}

/** A stand-in for OSV behind a line with a delay. */
export function startDistantService(distance: Distance): Promise<DistantService> {
  return startDistant('distantServiceProcess.ts', distance);
}

/** A stand-in in a process of its own: its work is not the client's. */
export async function startDistant(program: string, options: object): Promise<DistantService> {
  const child = fork(path.join(import.meta.dirname, program), [JSON.stringify(options)]);
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
