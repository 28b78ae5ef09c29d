import { defaultSettings } from '../../protocol/settings.ts';
import type { ScanArguments } from '../../server/src/cli/args.ts';
import type { CliEngine } from '../../server/src/cli/io.ts';
import { createEngine, engineOver } from '../../server/src/main/nodeEnvironment.ts';
import type { AdvisoryDatabases } from '../../server/src/scan/advisoryDatabase.ts';
import { createDatabaseSource } from '../../server/src/platform/database/databaseSource.ts';
import { systemClock } from '../../server/src/platform/systemClock.ts';
import type { Log } from '../../server/src/scan/ports.ts';
import { FakeIo } from './fakeIo.ts';

/** The command line's world with files as strings, but with the real engines, over HTTP and over a database on disk. */
export class EngineIo extends FakeIo {
  override readonly databases: AdvisoryDatabases;

  constructor(databases: AdvisoryDatabases) {
    super();
    this.databases = databases;
  }

  override createEngine(options: ScanArguments, log: Log): CliEngine {
    const { osvUrl, offline, database } = options;
    if (!offline) {
      const engine = createEngine({ ...defaultSettings, osvUrl }, log, this.version);
      return {
        scanner: engine.scanner,
        counters: engine.counters,
        source: { kind: 'osv', url: osvUrl },
        close: () => engine.close(),
      };
    }
    const source = createDatabaseSource(
      () => this.databases.open(database ?? this.databases.defaultFolder),
      systemClock,
    );
    const engine = engineOver({ source, sourceId: 'database', tiers: [] }, defaultSettings, log);
    const { counters, scanner } = engine;
    return { scanner, counters, source: { kind: 'database' }, close: () => engine.close() };
  }
}
