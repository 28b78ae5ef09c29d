import { jsonText } from '../../core/report/formats/jsonText.ts';
import { plainLines, plainText } from '../../core/text/plainText.ts';
import type { LogFacts } from '../ports.ts';

export interface LogEntry {
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  /** Of the scan that it belongs to. */
  readonly scanId: string | undefined;
  readonly message: string;
  readonly facts?: LogFacts | undefined;
}

/** One line of the log as JSON: the same from the command line and from the language server. Secrets are masked in all of it. */
export function jsonLogLine({ timeMs, level, scanId, message, facts }: LogEntry): string {
  const { event, ...rest } = plainFacts(facts);
  const time = new Date(timeMs).toISOString();
  return jsonText({
    time,
    level,
    event: event ?? 'message',
    ...(scanId === undefined ? {} : { scanId }),
    message: plainText(message, 1000),
    ...rest,
  });
}

/** The same for people, where time and level stand beside it anyway: the message, then what programs want to know. */
export function textLogLine({ scanId, message, facts }: Pick<LogEntry, 'scanId' | 'message' | 'facts'>): string {
  const all = { ...(scanId === undefined ? {} : { scanId }), ...plainFacts(facts) };
  const text = plainLines(message);
  return Object.keys(all).length === 0 ? text : `${text} ${jsonText(all)}`;
}

function plainFacts(facts: LogFacts | undefined): Partial<LogFacts> {
  return Object.fromEntries(
    Object.entries(facts ?? {}).map(([name, value]) => [name, typeof value === 'string' ? plainText(value) : value]),
  );
}
