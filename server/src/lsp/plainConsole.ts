import type { Connection, RemoteConsole } from 'vscode-languageserver';
import { jsonLogLine, textLogLine } from '../engine/operations/logLine.ts';
import type { Clock, LogFacts, ScanScope } from '../engine/ports.ts';

export interface ConsoleOptions {
  readonly format: 'text' | 'json';
  readonly scans: ScanScope;
  readonly clock: Clock;
}

/**
 * The connection with a log whose lines name the scan that they belong to and what programs want to know, no matter who
 * writes to it. Secrets and control characters are masked.
 */
export function withPlainConsole(connection: Connection, { format, scans, clock }: ConsoleOptions): Connection {
  const { console } = connection;
  const write = (level: (typeof levels)[number]): PropertyDescriptor => ({
    value: (message: string, facts?: LogFacts) => {
      const entry = { scanId: scans.scanId, message, facts };
      console[level](
        format === 'text'
          ? textLogLine(entry)
          : jsonLogLine({ ...entry, timeMs: clock.now(), level: level === 'log' ? 'info' : level }),
      );
    },
  });
  const descriptors = Object.fromEntries(levels.map((level) => [level, write(level)]));
  const plain = Object.create(console, descriptors) as RemoteConsole;
  return Object.create(connection, { console: { value: plain } }) as Connection;
}

const levels = ['error', 'warn', 'info', 'log', 'debug'] as const;
