import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { decode, smallPng } from '../../vscode/smallPng.ts';

const images = path.resolve(import.meta.dirname, '../../../docs/images');

describe('the pictures of the documentation', () => {
  it('are small enough to be shipped', () => {
    for (const picture of readdirSync(images)) {
      assert.ok(statSync(path.join(images, picture)).size <= 40_000, picture);
    }
  });

  it('keep their size and, nearly, their colours with a palette', () => {
    const icon = readFileSync(path.resolve(images, '../../images/icon.png'));
    const before = decode(icon);
    const after = decode(smallPng(icon));
    assert.deepEqual([after.width, after.height], [before.width, before.height]);
    const away = before.pixels.map((sample, at) => Math.abs(sample - (after.pixels[at] ?? 255)));
    const most = away.reduce((furthest, one) => Math.max(furthest, one), 0);
    assert.ok(most <= 24, `a colour is ${most} away`);
    assert.ok(away.filter((one) => one > 0).length < away.length / 10);
  });

  it('are the same again when nothing is left to be saved', () => {
    const once = smallPng(readFileSync(path.join(images, 'editor.png')));
    assert.deepEqual(decode(smallPng(once)).pixels, decode(once).pixels);
  });

  it('are refused where they are of another kind', () => {
    const interlaced = readFileSync(path.join(images, 'editor.png'));
    interlaced[28] = 1;
    assert.throws(() => smallPng(interlaced), /not the kind of PNG/u);
  });
});
