import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from '../lsp/server.ts';
import { nodeEnvironment } from './nodeEnvironment.ts';
import { version } from './version.ts';

// `--stdio`, `--node-ipc` or `--socket=…` on the command line says how the client talks to us.
startServer(createConnection(ProposedFeatures.all), nodeEnvironment(version));
