import { jsonText } from '../core/report/formats/jsonText.ts';
import { plainText } from '../core/text/plainText.ts';
import type { Log } from '../engine/ports.ts';
import { type LogLevel, logLevels } from './arguments/options.ts';
import type { CliIo } from './io.ts';

/** What a command says itself besides its report. `facts` are for those who read it by program. */
export interface CliLog {
  readonly error: (message: string, facts?: LogFacts) => void;
  readonly warn: (message: string, facts?: LogFacts) => void;
  readonly info: (message: string, facts?: LogFacts) => void;
  readonly debug: (message: string, facts?: LogFacts) => void;
}

/** `event`: what happened, in a word that stays the same from version to version. */
export type LogFacts = Readonly<Record<string, unknown>> & { readonly event: string };

export interface LogOptions {
  readonly format: 'text' | 'json';
  /** What is less urgent is left out. */
  readonly level?: LogLevel;
  /** In every line, for programs. */
  readonly scanId?: string;
}

/** For the engine: of what is less urgent than a warning nobody wants to know unless they ask. */
export function engineLog({ error, warn, debug }: CliLog): Log {
  return {
    error: (message) => error(message),
    warn: (message) => warn(message),
    info: (message) => debug(message),
    debug: (message) => debug(message),
  };
}

/** Messages to standard error, one a line; standard output belongs to the report. */
export function stderrLog(
  io: Pick<CliIo, 'stderr' | 'now'>,
  { format, level: most = 'info', scanId }: LogOptions,
): CliLog {
  const write = (level: LogLevel, message: string, { event = 'message', ...facts }: Partial<LogFacts> = {}): void => {
    if (logLevels.indexOf(level) > logLevels.indexOf(most)) {
      return;
    }
    const text = plainText(message, 1000);
    const time = new Date(io.now()).toISOString();
    const id = scanId === undefined ? {} : { scanId };
    io.stderr(
      format === 'json'
        ? `${jsonText({ time, level, event, ...id, message: text, ...facts })}\n`
        : `pinwatch: ${text}\n`,
    );
  };
  return {
    error: (message, facts) => write('error', message, facts),
    warn: (message, facts) => write('warn', message, facts),
    info: (message, facts) => write('info', message, facts),
    debug: (message, facts) => write('debug', message, facts),
  };
}
