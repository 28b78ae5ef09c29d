import { fileURLToPath } from 'node:url';
import { createServerIdentity } from './certificate.ts';
import { FaultSwitches } from './faultSwitches.ts';
import { openFront } from './httpFront.ts';
import { readRecords, type RecordSource } from './readRecords.ts';
import { RecordStore } from './recordStore.ts';
import { TrafficBook, type Traffic } from './traffic.ts';

/** A stand-in for api.osv.dev on this machine, for tests and for work without the network. */
export interface OsvService {
  /** `http://127.0.0.1:PORT`, HTTP/1.1. */
  readonly url: string;
  /** `https://127.0.0.1:PORT`, HTTP/2 or HTTP/1.1, whichever the client takes. */
  readonly tlsUrl: string;
  /** PEM of the authority behind the TLS certificate, made for this service alone. */
  readonly ca: string;
  readonly records: RecordStore;
  readonly faults: Pick<FaultSwitches, 'set' | 'clear'>;
  /** What has reached the service; a live view. */
  readonly traffic: Traffic;
  /** Resolves as soon as the predicate holds, looked at on every event. Rejects after `timeoutMs` (5,000). */
  waitFor(predicate: (traffic: Traffic) => boolean, timeoutMs?: number): Promise<void>;
  /** Takes back every fault, every change of records, and all counts. Connections stay open. */
  reset(): void;
  /** Ends every connection at once and frees the ports. */
  close(): Promise<void>;
}

export interface OsvServiceOptions {
  /** Folders, files and lists of records; the embedded set if there are none. */
  readonly records?: readonly RecordSource[];
  /** 0 for any free one. */
  readonly port?: number;
  readonly tlsPort?: number;
  /** Pack answers for clients that ask for gzip. */
  readonly gzip?: boolean;
  /** Details carry nine digits of a second where a batch carries six, as the real ones may. */
  readonly nanoseconds?: boolean;
  /** For the faults that depend on chance. */
  readonly seed?: number;
  /** How many requests a client may have on one HTTP/2 connection. */
  readonly maxConcurrentStreams?: number;
}

export const embeddedRecords = fileURLToPath(new URL('records', import.meta.url));

/** Throws where a record cannot be read or a port is taken. */
export async function startOsvService(options: OsvServiceOptions = {}): Promise<OsvService> {
  const records = await readRecords(options.records ?? [embeddedRecords]);
  const store = new RecordStore(records, { hasNanoseconds: options.nanoseconds ?? false });
  const switches = new FaultSwitches(options.seed ?? 1);
  const traffic = new TrafficBook();
  const identity = createServerIdentity();
  const front = await openFront(
    { store, switches, traffic, hasGzip: options.gzip ?? false },
    {
      port: options.port ?? 0,
      tlsPort: options.tlsPort ?? 0,
      identity,
      maxConcurrentStreams: options.maxConcurrentStreams ?? 100,
    },
  );
  return {
    url: `http://127.0.0.1:${front.port}`,
    tlsUrl: `https://127.0.0.1:${front.tlsPort}`,
    ca: identity.ca,
    records: store,
    faults: switches,
    traffic,
    waitFor: (predicate, timeoutMs = 30_000) => traffic.waitFor(predicate, timeoutMs),
    reset() {
      switches.reset();
      store.reset();
      traffic.reset();
    },
    close: () => front.close(),
  };
}
