// The floor of `key to publish`: a language server that answers every change with the diagnostics of nothing.
import { createConnection, IPCMessageReader, IPCMessageWriter, TextDocumentSyncKind } from 'vscode-languageserver/node';

const connection = createConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
connection.onInitialize(() => ({
  capabilities: { textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental } },
}));
const publish = (uri: string, version: number): void => {
  void connection.sendDiagnostics({ uri, version, diagnostics: [] });
};
connection.onDidOpenTextDocument(({ textDocument: { uri, version } }) => publish(uri, version));
connection.onDidChangeTextDocument(({ textDocument: { uri, version } }) => publish(uri, version));
connection.listen();
