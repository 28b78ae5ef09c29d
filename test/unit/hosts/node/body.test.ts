import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Body, BodyBudget, type BodyOptions } from '../../../../server/src/hosts/node/http/direct/body.ts';

const options: BodyOptions = { isGzip: true, maxBytes: 1_000_000, isCut: false };
// Larger than what is unpacked at once.
const text = randomBytes(300_000).toString('hex');
const packed = gzipSync(text);

describe('the body of an answer', () => {
  it('is unpacked as a whole, and on the way where it is large', async () => {
    for (const [bytes, expected] of [
      [gzipSync('short'), 'short'],
      [packed, text],
    ] as const) {
      const body = new Body(options);
      pieces(bytes).forEach((piece) => body.take(piece));
      body.end();
      assert.equal(await body.text, expected);
    }
  });

  it('is unpacked whatever its end says of its size', async () => {
    const long = 'x'.repeat(3_000_000);
    for (const [bytes, expected] of [
      [Buffer.concat([gzipSync(text.slice(0, 90_000)), gzipSync('and more')]), `${text.slice(0, 90_000)}and more`],
      [Buffer.concat([gzipSync('little'), gzipSync(long)]), `little${long}`],
      [gzipSync(''), ''],
    ] as const) {
      const body = new Body({ ...options, maxBytes: 4_000_000 });
      body.take(bytes);
      body.end();
      assert.equal(await body.text, expected);
    }
  });

  it('fails where nothing came that was packed', async () => {
    const body = new Body(options);
    body.end();
    await assert.rejects(body.text, /cannot be unpacked/u);
  });

  it('is text where it was not packed, whatever it was cut into', async () => {
    const body = new Body({ ...options, isGzip: false });
    [...Buffer.from('“é”')].forEach((byte) => body.take(Uint8Array.of(byte)));
    body.end();
    assert.equal(await body.text, '“é”');
  });

  for (const sentBytes of [100, 200_000]) {
    it(`fails where it ends after ${sentBytes} bytes, in the middle`, async () => {
      const body = new Body(options);
      body.take(packed.subarray(0, sentBytes));
      body.end();
      await assert.rejects(body.text, /cannot be unpacked/u);
    });

    it(`fails as the connection did after ${sentBytes} bytes`, async () => {
      const body = new Body(options);
      body.take(packed.subarray(0, sentBytes));
      body.fail(new Error('the cable was cut'));
      await assert.rejects(body.text, /the cable was cut/u);
    });
  }

  it('is not unpacked to its end where a little becomes much', async () => {
    const part = gzipSync(Buffer.alloc(16 * 1024 * 1024));
    const body = new Body(options);
    for (let bytes = 0; bytes < 200_000; bytes += part.length) {
      body.take(part); // no more comes, and no end: what has come is far too much
    }
    await assert.rejects(body.text, /sent more than/u);
  });

  it('is given up as soon as it is too large, before its end', async () => {
    for (const isGzip of [true, false]) {
      const body = new Body({ ...options, isGzip, maxBytes: 150_000 });
      body.take(packed.subarray(0, 160_000));
      body.take(packed.subarray(160_000, 200_000));
      await assert.rejects(body.text, /sent more than/u);
    }
  });

  it('is given up where it is too large on the wire though it unpacks to nothing', async () => {
    const nothing = Buffer.concat(Array.from({ length: 8_000 }, () => gzipSync('')));
    assert.ok(nothing.length > 150_000);
    const body = new Body({ ...options, maxBytes: 150_000 });
    body.take(nothing.subarray(0, 140_000));
    body.take(nothing.subarray(140_000));
    body.end();
    await assert.rejects(body.text, /sent more than/u);
  });

  it('fails where all bodies together are too much, and leaves room again at its end', async () => {
    const budget = new BodyBudget(500_000);
    const plain = { isGzip: false, maxBytes: 400_000, isCut: false, budget };
    const first = new Body(plain);
    const second = new Body(plain);
    first.take(Buffer.alloc(300_000, 'a'));
    second.take(Buffer.alloc(300_000, 'b'));
    second.take(Buffer.alloc(300_000, 'b'));
    await assert.rejects(second.text, /more at once than can be held/u);
    first.end();
    assert.equal((await first.text).length, 300_000);
    const last = new Body({ ...plain, budget });
    last.take(Buffer.alloc(399_999));
    last.end();
    assert.equal((await last.text).length, 399_999);
    assert.ok(budget.take(500_000), 'all is given back');
  });

  it('counts what a packed body unpacks to', async () => {
    const body = new Body({ ...options, budget: new BodyBudget(500_000) });
    body.take(packed);
    body.end();
    await assert.rejects(body.text, /more at once than can be held/u);
  });

  it('is its beginning where no more is wanted, before its end', async () => {
    const body = new Body({ isGzip: false, maxBytes: 5, isCut: true });
    body.take(Buffer.from('Not '));
    body.take(Buffer.from('Found, sorry'));
    assert.match(await body.text, /^Not F/u);
  });
});

function pieces(bytes: Buffer): readonly Buffer[] {
  const size = 16_384;
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}
