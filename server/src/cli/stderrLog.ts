import { jsonText } from '../core/report/formats/jsonText.ts';
import { plainText } from '../core/text/plainText.ts';
import type { Log } from '../engine/ports.ts';
import type { CliIo } from './io.ts';

/** What a command says itself besides its report. */
export type CliLog = Pick<Log, 'error' | 'warn' | 'info'>;

/** For the engine: warnings and errors only, since nobody asked what it is about. */
export function engineLog({ error, warn }: CliLog): Log {
  return { error, warn, info: () => undefined, debug: () => undefined };
}

/** Messages to standard error, one a line; standard output belongs to the report. */
export function stderrLog(io: Pick<CliIo, 'stderr'>, format: 'text' | 'json'): CliLog {
  const write = (level: string, message: string): void => {
    const text = plainText(message, 1000);
    io.stderr(format === 'json' ? `${jsonText({ level, message: text })}\n` : `pinwatch: ${text}\n`);
  };
  return {
    error: (message) => write('error', message),
    warn: (message) => write('warn', message),
    info: (message) => write('info', message),
  };
}
