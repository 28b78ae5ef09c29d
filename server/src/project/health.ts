import type { ComponentHealth, Health, HealthComponent } from '../../../protocol/messages/figures/health.ts';
import type { Settings } from '../../../protocol/settings.ts';
import { counted } from '../core/text/counted.ts';
import { dataAgeText } from '../core/report/words/dataAge.ts';
import type { SourceHealth } from '../engine/ports.ts';
import type { CacheTier } from '../engine/store/cacheTier.ts';
import type { PendingLookups } from '../engine/offline/pendingLookups.ts';

/** The parts of an engine, as they stand now. */
export interface HealthParts {
  /** Of the advisory service. */
  readonly health: SourceHealth;
  readonly circuit: 'closed' | 'open' | 'halfOpen';
  /** Of the package index; absent where nobody is to be asked. */
  readonly indexHealth?: SourceHealth | undefined;
  readonly tiers: ReadonlyMap<'disk' | 'redis', CacheTier>;
  /** The local advisory database, where it is asked. */
  readonly database?: { readonly health: SourceHealth; dataAgeSeconds(): number | undefined } | undefined;
  readonly pending: PendingLookups | undefined;
}

export interface HealthOf {
  readonly version: string;
  readonly node: string;
  readonly uptimeSeconds: number;
  /** Why less is kept in memory than the settings allow. */
  readonly memoryTrouble?: string | undefined;
}

/** How each part does, and what to do about it. */
export async function healthOf(
  engine: HealthParts,
  settings: Settings,
  { memoryTrouble, ...about }: HealthOf,
): Promise<Health> {
  const components: Health['components'] = {
    osv: osvHealth(engine, settings),
    index: indexHealth(engine, settings),
    cacheMemory:
      memoryTrouble === undefined
        ? { status: 'UP' }
        : { status: 'DEGRADED', message: memoryTrouble, advice: 'Close large files or reload the window.' },
    cacheDisk: tierHealth(engine.tiers.get('disk'), 'Answers are kept in memory only.'),
    cacheRedis: tierHealth(engine.tiers.get('redis'), 'The team cache is not used.'),
    advisoryDatabase: databaseHealth(engine, settings),
    queue: await queueHealth(engine),
  };
  return {
    status: statusOf(components, settings),
    ...about,
    components,
  };
}

/** The one that is asked decides; any other part can only make it worse than `UP`. */
function statusOf(components: Health['components'], { offlineMode, blocked }: Settings): Health['status'] {
  const states = new Set(Object.values(components).map(({ status }) => status));
  const sources: readonly HealthComponent[] =
    offlineMode === 'online' ? ['osv'] : offlineMode === 'offline' ? ['advisoryDatabase'] : ['osv', 'advisoryDatabase'];
  if (blocked !== undefined || sources.every((source) => components[source].status === 'DOWN')) {
    return 'DOWN';
  }
  return states.has('DOWN') || states.has('DEGRADED') ? 'DEGRADED' : 'UP';
}

function osvHealth({ health, circuit }: HealthParts, settings: Settings): ComponentHealth {
  const { blocked, fault, offlineMode, osvUrl } = settings;
  if (blocked !== undefined) {
    return { status: 'DOWN', message: blocked, advice: 'Correct the setting.' };
  }
  if (offlineMode === 'offline') {
    return off('The settings use the local advisory database alone.');
  }
  const asked = sourceHealth(health, osvUrl, 'Check the network and the address of the service, then scan again.');
  const held = circuit === 'closed' ? asked : { ...asked, status: 'DOWN' as const };
  return fault === undefined || held.status === 'DOWN'
    ? held
    : { ...held, status: 'DEGRADED', message: fault, advice: 'Correct the setting.' };
}

function indexHealth({ indexHealth: health }: HealthParts, { indexUrl, offlineMode }: Settings): ComponentHealth {
  if (health === undefined) {
    return off(offlineMode === 'offline' ? 'Offline mode asks no package index.' : 'The settings switch it off.');
  }
  const asked = sourceHealth(health, indexUrl, 'Check the network and the address of the index.');
  // Findings do not hang on it: fixes are not verified meanwhile.
  return asked.status === 'DOWN' ? { ...asked, status: 'DEGRADED' } : asked;
}

function sourceHealth({ lastAnswerAt, lastError }: SourceHealth, url: string, advice: string): ComponentHealth {
  const success = lastAnswerAt === undefined ? {} : { lastSuccess: new Date(lastAnswerAt).toISOString() };
  if (lastError !== undefined) {
    return { status: lastAnswerAt === undefined ? 'DOWN' : 'DEGRADED', ...success, message: lastError, advice };
  }
  return lastAnswerAt === undefined
    ? { status: 'UNKNOWN', message: `${url} has not been asked yet.` }
    : { status: 'UP', ...success, message: url };
}

function tierHealth(tier: CacheTier | undefined, effect: string): ComponentHealth {
  if (tier === undefined) {
    return off('It is not set up.');
  }
  const { trouble } = tier.figures;
  return trouble === undefined
    ? { status: 'UP' }
    : {
        status: 'DEGRADED',
        message: trouble,
        advice: `${effect} Correct what the message says; in an editor, reload the window then.`,
      };
}

const makeOne = 'Run "Pinwatch: Update Local Database", or "pinwatch db update" on the command line.';

function databaseHealth({ database }: HealthParts, { offlineMaxDataAgeDays, blocked }: Settings): ComponentHealth {
  if (database === undefined || blocked !== undefined) {
    return off('It is not in use.');
  }
  const { lastAnswerAt, lastError } = database.health;
  const success = lastAnswerAt === undefined ? {} : { lastSuccess: new Date(lastAnswerAt).toISOString() };
  const seconds = database.dataAgeSeconds();
  if (seconds === undefined || lastError !== undefined) {
    const message = lastError ?? 'There is none, or it cannot be read.';
    return { status: 'DOWN', ...success, message, advice: makeOne };
  }
  const message = `Its data are ${dataAgeText(seconds)}.`;
  return seconds > offlineMaxDataAgeDays * 86_400
    ? { status: 'DEGRADED', ...success, message: `${message} Newer advisories are missing.`, advice: makeOne }
    : { status: 'UP', ...success, message };
}

async function queueHealth({ pending }: HealthParts): Promise<ComponentHealth> {
  if (pending === undefined) {
    return off('Nothing is kept on disk, so what an interrupted scan could not ask is asked when its file is opened.');
  }
  const size = await pending.size();
  if (pending.trouble !== undefined) {
    return { status: 'DEGRADED', message: pending.trouble, advice: 'Rescan the workspace once the service answers.' };
  }
  return {
    status: 'UP',
    message: size === 0 ? 'Nothing waits.' : `${counted(size, 'look-up')} of earlier scans wait.`,
  };
}

function off(message: string): ComponentHealth {
  return { status: 'OFF', message };
}
