import { getHeapStatistics } from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import { type Connection, createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { traceOf } from '../lsp/guard.ts';
import { Lifecycle } from '../lsp/lifecycle.ts';
import { startServer } from '../lsp/server.ts';
import { serveDatabaseJob } from '../hosts/node/database/databaseWorker.ts';
import { keepYoungHeapSmall } from '../hosts/node/process/keepYoungHeapSmall.ts';
import { atExitOf } from './atExit.ts';
import { type ClientChannel, clientChannel } from './clientChannel.ts';
import { nodeEnvironment } from './nodeEnvironment.ts';
import { runOnNewerNode } from './start/runOnNewerNode.ts';
import { ServerEnd } from './serverEnd.ts';
import { version } from './version.ts';

const elsewhere = isMainThread ? runOnNewerNode() : undefined;
if (elsewhere !== undefined) {
  void elsewhere.then((code) => (code === undefined ? serve() : process.exit(code)));
} else if (isMainThread) {
  serve();
} else {
  void serveDatabaseJob();
}

function serve(): void {
  // In a small heap, what leaves the young part too early would fill the rest.
  if (getHeapStatistics().heap_size_limit >= 512 * 1024 * 1024) {
    keepYoungHeapSmall();
  }
  // `--stdio`, `--node-ipc` or `--socket=…` on the command line says how the client talks to us.
  const channel = clientChannel(process);
  const lifecycle = new Lifecycle({
    clientProcess: (id) => end.watch(id),
    exit: () => end.clientLeft(),
  });
  const connection = connect(channel, lifecycle);
  lifecycle.serve(connection);
  outliveFaults((message) => connection.console.error(message));
  const atExit = atExitOf(process);
  const server = startServer(connection, nodeEnvironment(version, process.argv[1] ?? '', atExit));
  const end = new ServerEnd({ process, finish: () => server.end(), isShutDown: () => lifecycle.isShutDown });
  channel?.onClosed(() => end.clientLeft());
}

function connect(channel: ClientChannel | undefined, messageStrategy: Lifecycle): Connection {
  return channel === undefined
    ? createConnection(ProposedFeatures.all, { messageStrategy })
    : createConnection(ProposedFeatures.all, channel.reader, channel.writer, { messageStrategy });
}

/** Where all else has missed it: a fault of ours is logged, and the server goes on for everything else. */
function outliveFaults(log: (message: string) => void): void {
  const live = (error: unknown): void => {
    if (isGone(error)) {
      return; // the client is: the one who watches for that ends the server
    }
    try {
      log(`A fault in Pinwatch: ${traceOf(error)}`);
    } catch {
      // There is no log any more.
    }
  };
  process.on('uncaughtException', live);
  process.on('unhandledRejection', live);
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || code === 'ERR_STREAM_WRITE_AFTER_END';
}
