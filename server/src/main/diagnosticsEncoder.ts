import type { Diagnostic, Message } from 'vscode-languageserver/node';

/**
 * JSON of messages, with what a diagnostic says put into JSON once: a file's diagnostics are sent as a whole with every version,
 * and most of them are the same objects as before.
 */
export function diagnosticsEncoder(): { readonly name: string; encode(message: Message): Promise<Uint8Array> } {
  const known = new WeakMap<Diagnostic, string>();
  const textOf = (diagnostic: Diagnostic): string => {
    const text = known.get(diagnostic) ?? JSON.stringify(diagnostic);
    known.set(diagnostic, text);
    return text;
  };
  return {
    name: 'application/json',
    encode: (message) => {
      const { jsonrpc, method, params } = message as Published;
      if (method !== 'textDocument/publishDiagnostics') {
        return Promise.resolve(Buffer.from(JSON.stringify(message)));
      }
      const { diagnostics, ...rest } = params;
      const start = JSON.stringify({ jsonrpc, method, params: { ...rest, diagnostics: [] } });
      return Promise.resolve(Buffer.from(`${start.slice(0, -end.length)}[${diagnostics.map(textOf).join(',')}]}}`));
    },
  };
}

const end = '[]}}';

interface Published extends Message {
  readonly method?: string;
  /** Of `textDocument/publishDiagnostics`, which is sent by us alone. */
  readonly params: { readonly diagnostics: readonly Diagnostic[] };
}
