import type { EngineSettings } from '../../../protocol/settings.ts';
import type { LookUpTimes } from '../engine/operations/partsClock.ts';
import type { RequestRecord } from '../engine/operations/requestRecord.ts';
import type { Log } from '../engine/ports.ts';
import type { Turns } from '../engine/turns.ts';
import type { ClientAccess } from '../lsp/environment.ts';
import type { AtExit } from './atExit.ts';

export interface EngineParts {
  readonly settings: EngineSettings;
  readonly version: string;
  readonly log: Log;
  /** Counts the requests that the engine makes. */
  readonly record?: RequestRecord | undefined;
  /** Times what the engine waits for. */
  readonly times?: LookUpTimes | undefined;
  readonly access?: Pick<ClientAccess, 'params' | 'ask'> | undefined;
  /** Where answers are kept between runs; nothing is kept on disk where absent. */
  readonly cacheFolder?: string | undefined;
  /** May hold a password: never shown or logged. */
  readonly redisUrl?: string | undefined;
  /** Names files for `rediss://`: see `redisTlsFiles.ts`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `PINWATCH_CACHE_KEY`: what is kept is believed only if it was kept with it. Never shown or logged. */
  readonly cacheSecret?: string | undefined;
  /** Registers a call for the last moment of the process; returns what calls it off. */
  readonly atExit?: AtExit | undefined;
  /** Of the local advisory database. */
  readonly databaseFolder?: string | undefined;
  /** Where somebody types meanwhile: long work is cut into slices. */
  readonly turns?: Turns | undefined;
  /** The run asks once, and about no package as a whole. */
  readonly outcomesOnly?: boolean;
  /** How long a service that asks for it is waited for; some seconds where absent. */
  readonly patienceMs?: number | undefined;
}
