import type { Health } from '../../../../protocol/messages/figures/health.ts';
import { defaultSettings, type Settings } from '../../../../protocol/settings.ts';
import { plainText } from '../../core/text/plainText.ts';
import { normalizeName } from '../../core/packages/packageName.ts';
import { jsonText } from '../../core/report/formats/jsonText.ts';
import type { SourceHealth } from '../../engine/ports.ts';
import { type HealthParts, healthOf } from '../../project/health.ts';
import type { Command, ScanArguments } from '../arguments/command.ts';
import { exitCodes } from '../exitCodes.ts';
import type { CliEngine, CliIo } from '../io.ts';
import { engineLog, stderrLog } from '../stderrLog.ts';

/**
 * `pinwatch health`: asks each part that a scan with the same options needs, about one public package, and says how it does.
 * Ends with 0 where all of them work.
 */
export async function runHealth(command: Extract<Command, { kind: 'health' }>, io: CliIo): Promise<number> {
  const { format, scan } = command;
  const log = stderrLog(io, { format: scan.log, level: scan.logLevel });
  const engine = await io.createEngine(scan, engineLog(log));
  try {
    const seconds = scan.timeoutSeconds ?? usualSeconds;
    await probe(engine, AbortSignal.any([io.signal, AbortSignal.timeout(seconds * 1000)]));
    const health = await healthOf(askedParts(engine.parts, seconds), settingsOf(scan), {
      version: io.version,
      node: io.nodeVersion,
      uptimeSeconds: Math.round(io.elapsedMs() / 1000),
    });
    io.stdout(format === 'json' ? `${jsonText(health, 2)}\n` : healthLines(health));
    return health.status === 'UP' ? exitCodes.clean : exitCodes.incomplete;
  } finally {
    await engine.close();
  }
}

const usualSeconds = 30;
/** Known to every index and to OSV, and nobody's secret. */
const known = { name: normalizeName('pip'), version: '20.0' };

/** Failures are kept by the parts themselves. */
async function probe({ scanner, index }: CliEngine, signal: AbortSignal): Promise<void> {
  await scanner.recall([known], signal).catch(() => undefined);
  await Promise.allSettled([scanner.scan([known], { signal, again: true }), index?.releases(known.name, signal)]);
}

/** All of them were asked: who has said nothing by now did not answer. */
function askedParts(parts: HealthParts, seconds: number): HealthParts {
  const { health, circuit, indexHealth, tiers, database, pending } = parts;
  const asked = (one: SourceHealth): SourceHealth =>
    one.lastAnswerAt === undefined && one.lastError === undefined
      ? { ...one, lastError: `It did not answer within ${seconds} s.` }
      : one;
  return {
    health: asked(health),
    circuit,
    ...(indexHealth && { indexHealth: asked(indexHealth) }),
    tiers,
    ...(database && {
      database: { health: asked(database.health), dataAgeSeconds: () => database.dataAgeSeconds() },
    }),
    pending,
  };
}

function settingsOf({ osvUrl, indexUrl = 'none', offline, maxDataAgeDays }: ScanArguments): Settings {
  return {
    ...defaultSettings,
    osvUrl,
    indexUrl,
    offlineMode: offline ? 'offline' : 'online',
    ...(maxDataAgeDays === undefined ? {} : { offlineMaxDataAgeDays: maxDataAgeDays }),
  };
}

function healthLines({ status, components }: Health): string {
  const rows = Object.entries(components).map(([name, { status: state, message = '', advice = '' }]) => {
    const text = plainText([message, state === 'UP' || state === 'OFF' ? '' : advice].join(' ').trim(), 1000);
    return `${name.padEnd(17)} ${state.padEnd(9)} ${text}`.trimEnd();
  });
  return `${[`Health: ${status}`, ...rows].join('\n')}\n`;
}
