import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Clock, Log, LogFacts } from '../../../engine/ports.ts';
import type { FileSchema } from '../sqlite/fileSchema.ts';
import { numberOf } from '../sqlite/sqlite.ts';
import { CacheFile, type FileTrust, setAside } from './cacheFile.ts';
import { type CacheFault, toCacheFileError } from './cacheFileError.ts';
import { removeOwnFile } from './ownFile.ts';

/** A look-up that could not be asked. */
export interface PendingItem {
  readonly name: string;
  /** Absent: the package as a whole. */
  readonly version?: string;
}

export interface PendingQueueOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the folder may be anybody's. What stands here is asked, and believed of nobody. */
  readonly anyFolder?: boolean;
  readonly mostItems?: number;
}

const fileName = 'pending.sqlite';
const defaultMostItems = 20_000;
/** The one who took something and is gone since then no longer has it. */
export const leaseMs = 2 * 60_000;
const patienceMs = 2_000;
const busyDelayMs = 20;

const pendingSchema: FileSchema = {
  applicationId: 0x50696e50, // "PinP"
  version: 2,
  givesBack: true,
  create: `
    DROP TABLE IF EXISTS pending;
    CREATE TABLE pending (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      version TEXT NOT NULL,         -- empty for the package as a whole
      taken_by TEXT NOT NULL DEFAULT '',
      taken_until INTEGER NOT NULL DEFAULT 0,
      added_at INTEGER NOT NULL,     -- milliseconds since the epoch
      UNIQUE (name, version)
    ) STRICT;`,
};

/**
 * Look-ups that could not be asked, kept on disk until they are done, by processes that share them. What `add` has taken
 * outlives the process. Nothing throws; where the file cannot be used nothing is taken, and `trouble` says why.
 */
export class PendingQueue {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #mostItems: number;
  readonly #trust: FileTrust;
  readonly #owner = randomUUID();
  #open: CacheFile | undefined;
  #closed = false;
  #trouble: string | undefined;
  #dropped = 0;
  readonly #said = new Set<string>();

  constructor({ folder, clock, log, anyFolder = false, mostItems = defaultMostItems }: PendingQueueOptions) {
    this.#file = path.join(folder, fileName);
    this.#clock = clock;
    this.#log = log;
    this.#mostItems = mostItems;
    this.#trust = { isSealed: anyFolder };
  }

  /** For people; `undefined` while the queue works. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** How many of them are in the queue now: the first ones, if there is not room for all. On disk when it settles. */
  async add(items: readonly PendingItem[]): Promise<number> {
    const added = await this.#attempt((file) =>
      file.inTransaction(() => {
        const insert = file.database.prepare('INSERT INTO pending (name, version, added_at) VALUES (?, ?, ?)');
        const find = file.database.prepare('SELECT 1 FROM pending WHERE name = ? AND version = ?');
        let room = this.#mostItems - numberOf(file.database, 'SELECT count(*) FROM pending');
        let kept = 0;
        for (const { name, version = '' } of items) {
          if (find.get(name, version) !== undefined) {
            kept++;
          } else if (room > 0) {
            insert.run(name, version, this.#clock.now());
            room--;
            kept++;
          } else {
            this.#dropped++;
          }
        }
        return kept;
      }),
    );
    return added ?? 0;
  }

  /** The oldest that nobody else is working on. They are ours for `leaseMs`; what is not `done` by then comes again. */
  async take(limit: number): Promise<readonly PendingItem[]> {
    const now = this.#clock.now();
    const taken = await this.#attempt((file) =>
      file.inTransaction(() => {
        // A lease that ends later than any can is of a clock that was set back since.
        const rows = file.database
          .prepare(
            'SELECT id, name, version FROM pending WHERE taken_until <= ? OR taken_until > ? ORDER BY id LIMIT ?',
          )
          .all(now, now + leaseMs, Math.max(0, Math.trunc(limit)));
        const lease = file.database.prepare('UPDATE pending SET taken_by = ?, taken_until = ? WHERE id = ?');
        rows.forEach(({ id }) => lease.run(this.#owner, now + leaseMs, id ?? null));
        return rows.flatMap(({ name, version }): readonly PendingItem[] =>
          typeof name !== 'string'
            ? []
            : typeof version === 'string' && version !== ''
              ? [{ name, version }]
              : [{ name }],
        );
      }),
    );
    return taken ?? [];
  }

  /** They are answered, by whomever. */
  async done(items: readonly PendingItem[]): Promise<void> {
    await this.#attempt((file) =>
      file.inTransaction(() => {
        const remove = file.database.prepare('DELETE FROM pending WHERE name = ? AND version = ?');
        items.forEach(({ name, version = '' }) => remove.run(name, version));
      }),
    );
  }

  /** How many wait, those that are being worked on included. */
  async size(): Promise<number> {
    const count = await this.#attempt((file) =>
      file.guarded(() => numberOf(file.database, 'SELECT count(*) FROM pending')),
    );
    return count ?? 0;
  }

  /** When the one that waits longest was added, milliseconds since the epoch; `undefined` where nothing waits. */
  async oldestAt(): Promise<number | undefined> {
    const at = await this.#attempt((file) =>
      file.guarded(() => numberOf(file.database, 'SELECT coalesce(min(added_at), 0) FROM pending')),
    );
    return at === undefined || at === 0 ? undefined : at;
  }

  /** How many this process could not keep for want of room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** What this process took and has not done can be taken by others at once. */
  async close(): Promise<void> {
    if (this.#open !== undefined) {
      await this.#attempt((file) =>
        file.inTransaction(() => {
          file.database.prepare('UPDATE pending SET taken_until = 0 WHERE taken_by = ?').run(this.#owner);
        }),
      );
    }
    this.#closed = true;
    this.#open?.close();
    this.#open = undefined;
  }

  async #attempt<T>(work: (file: CacheFile) => T): Promise<T | undefined> {
    const limit = performance.now() + patienceMs;
    while (!this.#closed) {
      try {
        this.#open ??= new CacheFile(this.#file, pendingSchema, this.#trust);
        const result = work(this.#open);
        this.#trouble = undefined;
        return result;
      } catch (error) {
        const failure = toCacheFileError(this.#file, error);
        if (failure.fault !== 'busy') {
          this.#open?.close();
          this.#open = undefined;
        }
        const again = failure.fault === 'busy' || failure.fault === 'replaced' || this.#repair(failure.fault);
        if (!again || performance.now() > limit) {
          this.#trouble = `Look-ups that could not be asked are not kept. ${failure.message}`;
          this.#say(this.#trouble);
          return undefined;
        }
        await setTimeout(busyDelayMs);
      }
    }
    return undefined;
  }

  /** Whether another try may go better. */
  #repair(fault: CacheFault): boolean {
    try {
      if (fault === 'exposedFile') {
        removeOwnFile(this.#file);
        this.#say(
          `The list of look-ups that wait, "${this.#file}", was removed because other users can read or write it. These look-ups are lost.`,
          { event: 'queue.removed' },
        );
        return true;
      }
      if (fault !== 'damaged') {
        return false;
      }
      if (setAside(this.#file, pendingSchema, this.#trust, this.#clock.now()) !== undefined) {
        this.#say(
          `The list of waiting look-ups, "${this.#file}", was damaged. It was renamed, and these look-ups are lost.`,
          { event: 'queue.setAside' },
        );
      }
      return true;
    } catch {
      return false;
    }
  }

  #say(message: string, facts?: LogFacts): void {
    if (!this.#said.has(message)) {
      this.#said.add(message);
      this.#log.warn(message, facts);
    }
  }
}
