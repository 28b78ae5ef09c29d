import type { Position } from '../core/text/position.ts';
import type { Connection } from 'vscode-languageserver';
import type { TextChange } from './editText.ts';
import type { Guard } from './guard.ts';
import type { Session } from './session.ts';

/**
 * Takes what the client says of its documents. Nothing of it is relied on to be what the protocol has: a text that cannot be
 * understood is one that is not known, and its file says so.
 */
export function serveDocuments(connection: Connection, guard: Guard, session: () => Session | undefined): void {
  const log = connection.console;

  connection.onDidOpenTextDocument(
    guard.notification('textDocument/didOpen', (params: unknown) => {
      const document = fieldsOf(fieldsOf(params)['textDocument']);
      const { uri, languageId, version, text } = document;
      if (typeof uri !== 'string') {
        log.warn('The editor opened a document without an address.');
        return;
      }
      const documents = session()?.documents;
      documents?.open({
        uri,
        languageId: typeof languageId === 'string' ? languageId : '',
        version: isVersion(version) ? version : 0,
        text: typeof text === 'string' ? text : '',
      });
      if (typeof text !== 'string') {
        log.warn(`The editor opened ${uri} without its text.`);
        documents?.lose(uri);
      }
    }),
  );

  connection.onDidChangeTextDocument(
    guard.notification('textDocument/didChange', (params: unknown) => {
      const { textDocument, contentChanges } = fieldsOf(params);
      const { uri, version } = fieldsOf(textDocument);
      const documents = session()?.documents;
      if (typeof uri !== 'string' || documents === undefined) {
        log.warn('The editor changed a document without an address.');
        return;
      }
      const changes = decodeChanges(contentChanges);
      if (changes === undefined) {
        log.warn(`A change of ${uri} cannot be read, so its text is not known any more.`);
        documents.lose(uri);
        return;
      }
      try {
        documents.change(uri, isVersion(version) ? version : undefined, changes);
      } catch (error) {
        documents.lose(uri);
        throw error;
      }
    }),
  );

  connection.onDidCloseTextDocument(
    guard.notification('textDocument/didClose', (params: unknown) => {
      const { uri } = fieldsOf(fieldsOf(params)['textDocument']);
      return typeof uri === 'string' ? session()?.documents.close(uri) : undefined;
    }),
  );

  connection.onDidSaveTextDocument(guard.notification('textDocument/didSave', () => session()?.documents.saved()));

  connection.onDidChangeWatchedFiles(
    guard.notification('workspace/didChangeWatchedFiles', (params: unknown) => {
      const { changes } = fieldsOf(params);
      const uris = (Array.isArray(changes) ? changes : []).flatMap((change: unknown) => {
        const { uri } = fieldsOf(change);
        return typeof uri === 'string' ? [uri] : [];
      });
      return session()?.documents.changedOnDisk(uris);
    }),
  );
}

/** `undefined` where one of them cannot be applied. A range that is `null` is one that is absent. */
export function decodeChanges(changes: unknown): readonly TextChange[] | undefined {
  if (!Array.isArray(changes)) {
    return undefined;
  }
  const decoded: TextChange[] = [];
  for (const change of changes as readonly unknown[]) {
    const { range, text } = fieldsOf(change);
    if (typeof text !== 'string') {
      return undefined;
    }
    if (range === undefined || range === null) {
      decoded.push({ text });
      continue;
    }
    const { start, end } = fieldsOf(range);
    if (!isPosition(start) || !isPosition(end)) {
      return undefined;
    }
    decoded.push({ range: { start, end }, text });
  }
  return decoded;
}

function isPosition(value: unknown): value is Position {
  const { line, character } = fieldsOf(value);
  return isCount(line) && isCount(character);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isVersion(value: unknown): value is number {
  return Number.isInteger(value);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
