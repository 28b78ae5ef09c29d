import type { Connection } from 'vscode-languageserver';
import { serverCapabilities } from './client/capabilities.ts';
import type { Environment } from './environment.ts';
import { Guard, guardedConnection, guardedTimers, withTimers } from './guard.ts';
import { withPlainConsole } from './plainConsole.ts';
import { RunningSession } from './runningSession.ts';

export interface RunningServer {
  /** Writes what is known and lets go of everything; soon over, whatever happens. */
  end(): Promise<void>;
}

/** Serves one client. Everything it remembers lives in its session, which begins when the client says what it is. */
export function startServer(client: Connection, rawEnvironment: Environment): RunningServer {
  const plain = withPlainConsole(client, {
    format: rawEnvironment.logFormat,
    scans: rawEnvironment.scans,
    clock: rawEnvironment.clock,
  });
  const guard = new Guard(plain.console);
  const connection = guardedConnection(plain, guard.own);
  const timers = guardedTimers(rawEnvironment.timers, guard.own);
  const environment = withTimers(rawEnvironment, timers);
  let running: RunningSession | undefined;

  connection.onInitialize((params) => {
    running = new RunningSession(connection, environment, guard, params);
    return {
      capabilities: serverCapabilities(),
      serverInfo: { name: 'Pinwatch', version: environment.version },
    };
  });
  connection.onInitialized(guard.notification('initialized', () => running?.begin()));
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => (ending ??= finish());
  connection.onShutdown(guard.request('shutdown', end));
  connection.listen();
  return { end };

  async function finish(): Promise<void> {
    const ended = running?.end() ?? Promise.resolve();
    // Editors kill a server that takes longer.
    await new Promise<void>((resolve, reject) => {
      const cancelLimit = timers.after(endWithinMs, resolve);
      ended.then(() => resolve(), reject).finally(cancelLimit);
    });
  }
}

const endWithinMs = 4_000;
