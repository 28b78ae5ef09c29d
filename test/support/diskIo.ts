import type { ScanArguments } from '../../server/src/cli/arguments/command.ts';
import { defaultSettings } from '../../protocol/settings.ts';
import type { CliEngine } from '../../server/src/cli/io.ts';
import type { Log } from '../../server/src/engine/ports.ts';
import { createConfigFiles } from '../../server/src/hosts/node/config/configFiles.ts';
import { createIgnoreFiles } from '../../server/src/hosts/node/config/ignoreFiles.ts';
import { createProjectFiles } from '../../server/src/hosts/node/files/projectFiles.ts';
import { createLockReader } from '../../server/src/hosts/node/locks/lockReader.ts';
import { createEngine } from '../../server/src/main/createEngine.ts';
import type { ProjectFiles } from '../../server/src/project/reading/files.ts';
import { FakeIo } from './fakeIo.ts';

/** The command line's world with the files of this machine's disk and the real engine; what it prints is kept. */
export class DiskIo extends FakeIo {
  override readonly presentFolder = process.cwd();
  override readonly ignoreFiles = createIgnoreFiles({ presentFolder: process.cwd() });
  override readonly configFiles = createConfigFiles({ presentFolder: process.cwd() });
  readonly #files: ProjectFiles = createProjectFiles({
    presentFolder: process.cwd(),
    standardInput: () => process.stdin,
  });

  override kindOf(path: string): ReturnType<ProjectFiles['kindOf']> {
    return this.#files.kindOf(path);
  }

  override readFile(...args: Parameters<ProjectFiles['readFile']>): ReturnType<ProjectFiles['readFile']> {
    return this.#files.readFile(...args);
  }

  override discover(...args: Parameters<ProjectFiles['discover']>): ReturnType<ProjectFiles['discover']> {
    return this.#files.discover(...args);
  }

  override installedIn(...args: Parameters<ProjectFiles['installedIn']>): ReturnType<ProjectFiles['installedIn']> {
    return this.#files.installedIn(...args);
  }

  override changeFile(...args: Parameters<ProjectFiles['changeFile']>): ReturnType<ProjectFiles['changeFile']> {
    return this.#files.changeFile(...args);
  }

  override createLockReader(log: Log): ReturnType<FakeIo['createLockReader']> {
    return createLockReader({ presentFolder: process.cwd(), log });
  }

  override createEngine({ osvUrl, indexUrl }: ScanArguments, log: Log): CliEngine {
    const settings = { ...defaultSettings, osvUrl, indexUrl: indexUrl ?? 'none', networkTransport: 'direct' } as const;
    const engine = createEngine({ settings, version: this.version, log });
    return {
      scanner: engine.scanner,
      index: engine.index,
      licences: engine.licences,
      needs: engine.needs,
      projects: engine.projects,
      counters: engine.counters,
      parts: engine,
      source: engine.describe(),
      close: () => engine.close(),
    };
  }
}
