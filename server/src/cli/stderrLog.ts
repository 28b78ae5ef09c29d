import { plainText } from '../core/text/plainText.ts';
import { jsonLogLine } from '../engine/operations/logLine.ts';
import type { Log, LogFacts } from '../engine/ports.ts';
import { type LogLevel, logLevels } from './arguments/options.ts';
import type { CliIo } from './io.ts';

export interface LogOptions {
  readonly format: 'text' | 'json';
  /** What is less urgent is left out. */
  readonly level?: LogLevel;
  /** In every line, for programs. */
  readonly scanId?: string;
}

/** For the engine: of what is less urgent than a warning nobody wants to know unless they ask. */
export function engineLog(log: Log): Log {
  return {
    error: (message, facts) => log.error(message, facts),
    warn: (message, facts) => log.warn(message, facts),
    info: (message, facts) => log.debug(message, facts),
    debug: (message, facts) => log.debug(message, facts),
  };
}

/** Messages to standard error, one a line; standard output belongs to the report. */
export function stderrLog(
  io: Pick<CliIo, 'stderr' | 'now'>,
  { format, level: most = 'info', scanId }: LogOptions,
): Log {
  const write = (level: LogLevel, message: string, facts?: LogFacts): void => {
    if (logLevels.indexOf(level) > logLevels.indexOf(most)) {
      return;
    }
    io.stderr(
      format === 'json'
        ? `${jsonLogLine({ timeMs: io.now(), level, scanId, message, facts })}\n`
        : `pinwatch: ${plainText(message, 1000)}\n`,
    );
  };
  return {
    error: (message, facts) => write('error', message, facts),
    warn: (message, facts) => write('warn', message, facts),
    info: (message, facts) => write('info', message, facts),
    debug: (message, facts) => write('debug', message, facts),
  };
}
