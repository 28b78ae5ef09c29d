import assert from 'node:assert/strict';
import type { Message } from 'vscode-languageserver/node';
import { diagnosticsEncoder } from '../../../server/src/main/diagnosticsEncoder.ts';

describe('messages to the client', () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const messages: readonly Message[] = [
    { jsonrpc: '2.0', method: 'window/logMessage', params: { type: 3, message: '[]}}' } },
    { jsonrpc: '2.0', id: 1, result: null },
    { jsonrpc: '2.0', method: 'textDocument/publishDiagnostics', params: { uri: 'file:///a', diagnostics: [] } },
    {
      jsonrpc: '2.0',
      method: 'textDocument/publishDiagnostics',
      params: {
        uri: 'file:///ä"[]}}',
        diagnostics: [
          { range, message: 'é "x" \u2028 😀 \ud800', code: undefined },
          { range, message: '', data: { a: [] } },
        ],
        version: 7,
      },
    },
  ].map((message) => message as Message);

  it('are JSON as ever', async () => {
    const encoder = diagnosticsEncoder();
    for (const message of [...messages, ...messages]) {
      const text = new TextDecoder().decode(await encoder.encode(message));
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(message)));
    }
  });

  it('put each diagnostic into JSON once', async () => {
    const encoder = diagnosticsEncoder();
    let read = 0;
    const diagnostic = {
      range,
      get message() {
        read++;
        return 'x';
      },
    };
    const published = (version: number): Message => {
      const params = { uri: 'file:///a', version, diagnostics: [diagnostic] };
      return { jsonrpc: '2.0', method: 'textDocument/publishDiagnostics', params } as Message;
    };
    await encoder.encode(published(1));
    await encoder.encode(published(2));
    assert.equal(read, 1);
  });
});
