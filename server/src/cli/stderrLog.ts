import { plainText } from '../core/report/plainText.ts';
import type { Log } from '../scan/ports.ts';
import type { CliIo } from './io.ts';

/** Warnings and errors to standard error, one a line; standard output belongs to the report. */
export function stderrLog(io: Pick<CliIo, 'stderr'>, format: 'text' | 'json'): Log {
  const write = (level: string, message: string): void => {
    const text = plainText(message, 1000);
    io.stderr(format === 'json' ? `${JSON.stringify({ level, message: text })}\n` : `pinwatch: ${text}\n`);
  };
  return {
    error: (message) => write('error', message),
    warn: (message) => write('warn', message),
    info: () => undefined,
    debug: () => undefined,
  };
}
