import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { signalOf } from './signalOf.ts';

/** Work that the client may cancel; it is answered with an error then, whatever came of it. */
export async function cancellable<T>(
  token: CancellationToken,
  message: string,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T | ResponseError> {
  const { signal, dispose } = signalOf(token);
  try {
    const result = await run(signal);
    return signal.aborted ? new ResponseError(LSPErrorCodes.RequestCancelled, message) : result;
  } finally {
    dispose();
  }
}
