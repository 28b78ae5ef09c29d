import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type BodyOptions, readBody } from '../../../server/src/platform/http/readBody.ts';

const options: BodyOptions = { isGzip: true, maxBytes: 1_000_000, isCut: false, onChunk: () => undefined };
// Larger than what is unpacked at once.
const text = randomBytes(300_000).toString('hex');
const packed = gzipSync(text);

describe('the body of an answer', () => {
  it('is unpacked as a whole, and on the way where it is large', async () => {
    for (const [body, expected] of [
      [gzipSync('short'), 'short'],
      [packed, text],
    ] as const) {
      assert.equal(await readBody(new PassThrough().end(body), options), expected);
    }
  });

  for (const sentBytes of [100, 200_000]) {
    it(`fails where it is closed after ${sentBytes} bytes, before its end and without an error`, async () => {
      const body = new PassThrough();
      const read = readBody(body, options);
      body.write(packed.subarray(0, sentBytes), () => body.destroy());
      await assert.rejects(read, /cut short/u);
    });
  }

  it('is not unpacked to its end where a little becomes much', async () => {
    const part = gzipSync(Buffer.alloc(16 * 1024 * 1024));
    const parts = 64;
    let sent = 0;
    const body = Readable.from(
      (function* () {
        for (; sent < parts; sent++) {
          yield part;
        }
      })(),
    );
    await assert.rejects(readBody(body, options), /sent more than/u);
    assert.ok(sent < parts / 2, `${sent} of ${parts} parts were taken`);
  });

  it('is let go of as soon as it is too large', async () => {
    for (const isGzip of [true, false]) {
      const body = new PassThrough();
      const read = readBody(body, { ...options, isGzip, maxBytes: 150_000 });
      body.write(packed.subarray(0, 200_000));
      await assert.rejects(read, /sent more than/u);
      assert.equal(body.destroyed, true);
    }
  });
});
