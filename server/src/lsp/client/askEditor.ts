import { CancellationTokenSource, type Connection } from 'vscode-languageserver';
import { fetchMethod, type FetchParams } from '../../../../protocol/messages/fetch.ts';

/** Has the client send a request. Resolves with its answer, undecoded; rejects with the signal's reason as soon as it is aborted. */
export async function askEditor(connection: Connection, params: FetchParams, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  const source = new CancellationTokenSource();
  let leave = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    leave = (): void => {
      source.cancel();
      reject(signal.reason as Error);
    };
  });
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([connection.sendRequest<unknown>(fetchMethod, params, source.token), aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
    source.dispose();
  }
}
