import assert from 'node:assert/strict';
import { byteLines } from '../../../server/src/cli/byteLines.ts';
import { answerJsonLines } from '../../../server/src/cli/jsonLines.ts';
import { FakeIo } from '../../support/fakeIo.ts';

describe('lines of standard input', () => {
  const lines = async (chunks: readonly Uint8Array[], mostBytes = 100): Promise<readonly (string | undefined)[]> => {
    const found: (string | undefined)[] = [];
    for await (const line of byteLines(streamOf(chunks), mostBytes)) {
      found.push(line);
    }
    return found;
  };

  it('are the same however the bytes come', async () => {
    const bytes = Buffer.from('\uFEFFé1\n\n日本\r\n\uFEFFx\nlast');
    const expected = ['é1', '', '日本\r', '\uFEFFx', 'last'];
    assert.deepEqual(await lines([bytes]), expected);
    assert.deepEqual(await lines([...bytes].map((byte) => Uint8Array.of(byte))), expected);
    assert.deepEqual(await lines([Buffer.from('a\n')]), ['a']);
    assert.deepEqual(await lines([]), []);
  });

  it('are bounded, each for itself', async () => {
    assert.deepEqual(
      await lines(
        ['ab', 'cd\nabc', '\nabcdefg\nx', 'yzu'].map((text) => Buffer.from(text)),
        3,
      ),
      [undefined, 'abc', undefined, undefined],
    );
  });

  it('get an answer each, as soon as they are there', async () => {
    const io = new FakeIo();
    let answered = '';
    io.stdinChunks = async function* () {
      yield await Promise.resolve(Buffer.from('{"n":1}\nno'));
      answered = io.out;
      yield Buffer.from(`\n"${'x'.repeat(1024 * 1024)}"\n{"n":2}`);
    };
    await answerJsonLines(io, (request) => ({ request }), 1024 * 1024);
    assert.equal(answered, '{"request":{"n":1}}\n');
    assert.deepEqual(io.out.split('\n').slice(1), [
      '{"error":"This line is not JSON."}',
      '{"error":"This line is longer than 1 MB."}',
      '{"request":{"n":2}}',
      '',
    ]);
  });
});

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    yield await Promise.resolve(chunk);
  }
}
