// The floor of `key to publish`: a language server that answers every change with the diagnostics of nothing. A document
// whose name ends in `.same` holds diagnostics as JSON when it is opened, and they are what every change is answered with.
import {
  createConnection,
  type Diagnostic,
  IPCMessageReader,
  IPCMessageWriter,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';

const connection = createConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
const same = new Map<string, Diagnostic[]>();
connection.onInitialize(() => ({
  capabilities: { textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental } },
}));
const publish = (uri: string, version: number): void => {
  void connection.sendDiagnostics({ uri, version, diagnostics: same.get(uri) ?? [] });
};
connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) => {
  if (uri.endsWith('.same')) {
    same.set(uri, JSON.parse(text) as Diagnostic[]);
  }
  publish(uri, version);
});
connection.onDidChangeTextDocument(({ textDocument: { uri, version } }) => publish(uri, version));
connection.listen();
