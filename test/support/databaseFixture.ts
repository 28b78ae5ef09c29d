import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAdvisoryDatabases } from '../../server/src/hosts/node/database/advisoryDatabases.ts';
import type { AdvisoryDatabase, ImportSummary } from '../../server/src/engine/offline/advisoryDatabase.ts';
import { normalizeName } from '../../server/src/core/packages/packageName.ts';
import { noon } from './builders.ts';

/** A folder of its own for a database and for files to import; `dispose` removes it. */
export class DatabaseFixture {
  readonly root = mkdtempSync(path.join(tmpdir(), 'pinwatch-database-'));
  readonly folder = path.join(this.root, 'database');
  readonly progress: string[] = [];
  now = noon;
  readonly databases = createAdvisoryDatabases({
    defaultFolder: this.folder,
    clock: { now: () => this.now },
    version: '1.2.3',
    writeWaitMs: 20,
  });
  readonly #open: AdvisoryDatabase[] = [];

  write(name: string, content: string | Buffer): string {
    const file = path.join(this.root, name);
    writeFileSync(file, content);
    return file;
  }

  import(
    name: string,
    content: string | Buffer,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ImportSummary> {
    return this.databases.importFile(this.folder, this.write(name, content), { onProgress: this.#note, signal });
  }

  importRecords(...records: readonly object[]): Promise<ImportSummary> {
    return this.import('records.jsonl', jsonLines(records));
  }

  update(bucketUrl: string, signal: AbortSignal = new AbortController().signal): Promise<ImportSummary> {
    return this.databases.update(this.folder, bucketUrl, { onProgress: this.#note, signal });
  }

  open(): AdvisoryDatabase {
    const database = this.databases.open(this.folder);
    this.#open.push(database);
    return database;
  }

  /** Live advisories of a package, read anew. */
  ids(name: string): readonly string[] {
    return this.open()
      .advisoriesOf(normalizeName(name))
      .map(({ id }) => id);
  }

  dispose(): void {
    this.#open.forEach((database) => database.close());
    rmSync(this.root, { recursive: true, force: true });
  }

  readonly #note = (message: string): void => void this.progress.push(message);
}

export function jsonLines(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** A record about `demo`, unless said otherwise: every version below 2.0. */
export function osvRecord(id: string, rest: object = {}, name = 'demo'): Record<string, unknown> {
  return {
    id,
    modified: '2026-01-02T03:04:05Z',
    affected: [
      {
        package: { ecosystem: 'PyPI', name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0' }] }],
      },
    ],
    ...rest,
  };
}
