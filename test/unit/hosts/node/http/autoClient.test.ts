import assert from 'node:assert/strict';
import { AutoClient } from '../../../../../server/src/hosts/node/http/autoClient.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../../../../server/src/hosts/node/http/httpClient.ts';
import { FakeLog } from '../../../../support/fakeLog.ts';

const { signal } = new AbortController();

/** Saves these chunks, then answers, or fails as a connection does that ends. */
function client(chunks: readonly string[], ends: 'well' | 'early'): HttpClient {
  return {
    send: ({ save }: HttpRequest): Promise<HttpAnswer> => {
      chunks.forEach((chunk) => save?.(Buffer.from(chunk)));
      return ends === 'well'
        ? Promise.resolve({ status: 200, retryAfter: undefined, location: undefined, text: '' })
        : Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));
    },
    preconnect: () => undefined,
    reset: () => undefined,
    close: () => Promise.resolve(),
  };
}

describe('the way that is chosen while a body is saved', () => {
  const saved = async (direct: HttpClient): Promise<string> => {
    const auto = new AutoClient({ direct, editor: client(['whole'], 'well'), host: 'x.example', log: new FakeLog() });
    let text = '';
    const save = (chunk: Uint8Array): void => void (text += Buffer.from(chunk).toString());
    await auto.send({ method: 'GET', path: '/all.zip', maxBytes: 100, save }, signal);
    return text;
  };

  it('leads through the editor where there was no connection', async () => {
    assert.equal(await saved(client([], 'early')), 'whole');
  });

  it('stays direct once something was saved: the rest must not come behind half of it', async () => {
    await assert.rejects(saved(client(['who'], 'early')), /gone/u);
  });
});
