import { createServer, type Server, type ServerResponse } from 'node:http';
import { zipOf } from './zip.ts';

type Fault = (response: ServerResponse) => void;

/** OSV's bucket of exports on this machine: records that tests change, and the list and archive made from them. */
export class BucketService {
  /** In the order of the list, newest first. */
  readonly records = new Map<string, Record<string, unknown>>();
  /** What is in the archive; the records themselves where `undefined`. */
  archived: readonly Record<string, unknown>[] | undefined;
  /** Instead of the list made from the records. */
  list: string | undefined;
  /** Paths that were asked for, without `/PyPI/`. */
  readonly asked: string[] = [];
  /** Answers of a path other than its content. */
  readonly faults = new Map<string, Fault>();
  /** Called before each answer. */
  onRequest: (object: string) => void = () => undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const object = decodeURIComponent((request.url ?? '').replace('/osv/PyPI/', ''));
      this.asked.push(object);
      this.onRequest(object);
      const fault = this.faults.get(object);
      const content = this.contentOf(object);
      if (fault !== undefined) {
        fault(response);
      } else if (content === undefined) {
        response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      } else {
        response.writeHead(200).end(content);
      }
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/osv`;
  }

  put(...records: readonly Record<string, unknown>[]): void {
    records.forEach((record) => this.records.set(String(record['id']), record));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What it answers where no fault is set. */
  contentOf(object: string): string | Buffer | undefined {
    if (object === 'modified_id.csv') {
      return this.list ?? listOf([...this.records.values()]);
    }
    if (object === 'all.zip') {
      const records = this.archived ?? [...this.records.values()];
      return zipOf(
        Object.fromEntries(records.map((record) => [`${String(record['id'])}.json`, JSON.stringify(record)])),
      );
    }
    const record = this.records.get(object.replace(/\.json$/u, ''));
    return record === undefined ? undefined : JSON.stringify(record);
  }
}

/** `modified_id.csv`, newest first, six digits of a second where the records have none. */
export function listOf(records: readonly Record<string, unknown>[]): string {
  return records
    .map(({ id, modified }) => `${String(modified).replace(/Z$/u, '.000000Z')},${String(id)}\n`)
    .sort()
    .reverse()
    .join('');
}
