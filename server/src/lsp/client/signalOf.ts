import type { CancellationToken } from 'vscode-languageserver';

/** A client's wish to cancel as a signal. `dispose` stops listening. */
export function signalOf(token: CancellationToken): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  if (token.isCancellationRequested) {
    controller.abort();
  }
  const listening = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => listening.dispose() };
}
