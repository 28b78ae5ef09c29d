import assert from 'node:assert/strict';
import { unseenText, withoutInvisible } from '../../../../server/src/core/text/invisible.ts';

describe('what nobody sees in a line', () => {
  for (const [text, said, plain] of [
    ['web==1', '', 'web==1'],
    ['web\u200B==\u200B1\u2060', 'The line holds invisible characters (U+200B, U+2060): remove them.', 'web==1'],
    ['web\u0000==1', 'The line holds an invisible character (U+0000): remove it.', 'web==1'],
    ['web==1\uFE0F\u{E0020}', 'The line holds invisible characters (U+FE0F, U+E0020): remove them.', 'web==1'],
    ['web\u00A0==1', 'The line holds a space that pip does not take for one (U+00A0): type it again.', 'web ==1'],
    ['w\u0435b==1', 'The line holds "\u0435" (U+0435), which looks like "e".', 'w\u0435b==1'],
    ['web == 1\t', '', 'web == 1\t'],
  ] as const) {
    it(JSON.stringify(text), () => {
      assert.equal(unseenText(text), said);
      assert.equal(withoutInvisible(text), plain);
    });
  }
});
