import type { ScanArguments } from '../../server/src/cli/arguments/command.ts';
import { defaultSettings } from '../../protocol/settings.ts';
import type { CliEngine } from '../../server/src/cli/io.ts';
import { createEngine } from '../../server/src/main/createEngine.ts';
import type { AdvisoryDatabases } from '../../server/src/engine/offline/advisoryDatabase.ts';
import type { Log } from '../../server/src/engine/ports.ts';
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
    const offlineMode = offline ? 'offline' : 'online';
    const settings = { ...defaultSettings, osvUrl, offlineMode, indexUrl: 'none' } as const;
    const databaseFolder = database ?? this.databases.defaultFolder;
    const engine = createEngine({
      settings,
      version: this.version,
      log,
      databaseFolder,
    });
    const { scanner, counters } = engine;
    return {
      scanner,
      index: engine.index,
      counters,
      parts: engine,
      source: engine.describe(),
      close: () => engine.close(),
    };
  }
}
