import { isMainThread } from 'node:worker_threads';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { Lifecycle } from '../lsp/lifecycle.ts';
import { startServer } from '../lsp/server.ts';
import { serveDatabaseJob } from '../platform/database/databaseWorker.ts';
import { nodeEnvironment } from './nodeEnvironment.ts';
import { runOnNewerNode } from './runOnNewerNode.ts';
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
  // `--stdio`, `--node-ipc` or `--socket=…` on the command line says how the client talks to us.
  const lifecycle = new Lifecycle();
  const connection = createConnection(ProposedFeatures.all, { messageStrategy: lifecycle });
  lifecycle.serve(connection);
  startServer(connection, nodeEnvironment(version, process.argv[1] ?? ''));
}
