import { isMainThread } from 'node:worker_threads';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from '../lsp/server.ts';
import { serveDatabaseJob } from '../platform/database/databaseWorker.ts';
import { nodeEnvironment } from './nodeEnvironment.ts';
import { version } from './version.ts';

if (isMainThread) {
  // `--stdio`, `--node-ipc` or `--socket=…` on the command line says how the client talks to us.
  startServer(createConnection(ProposedFeatures.all), nodeEnvironment(version, process.argv[1] ?? ''));
} else {
  void serveDatabaseJob();
}
