import type { Connection, RemoteConsole } from 'vscode-languageserver';
import { plainLines } from '../core/text/plainText.ts';

/** The connection with a log that masks secrets and control characters, no matter who writes to it. */
export function withPlainConsole(connection: Connection): Connection {
  const { console } = connection;
  const write = (level: (typeof levels)[number]): PropertyDescriptor => ({
    value: (message: string) => console[level](plainLines(message)),
  });
  const descriptors = Object.fromEntries(levels.map((level) => [level, write(level)]));
  const plain = Object.create(console, descriptors) as RemoteConsole;
  return Object.create(connection, { console: { value: plain } }) as Connection;
}

const levels = ['error', 'warn', 'info', 'log', 'debug'] as const;
