import assert from 'node:assert/strict';
import { hoverFor } from '../../../server/src/features/hover.ts';
import type { LineState } from '../../../server/src/features/lineState.ts';
import { assessed, failed, finding, noon, pinned } from '../../support/builders.ts';

const context = { now: noon, sourceUrl: 'https://api.osv.dev' };

function hoverText(state: LineState['state'], character = 2): string {
  const hover = hoverFor([{ requirement: pinned('Django', '3.2.0'), state }], { line: 0, character }, context);
  const contents = hover?.contents;
  return typeof contents === 'object' && 'kind' in contents ? contents.value : '';
}

describe('hover', () => {
  it('shows what, how bad, where fixed, where to read on and how old the data are', () => {
    const text = hoverText({ kind: 'settled', outcome: assessed([finding()], noon - 180_000) });
    assert.equal(
      text,
      [
        '**Django 3\\.2\\.0**',
        '1 known vulnerability',
        [
          '- [CVE\\-2021\\-35042](https://osv.dev/vulnerability/PYSEC-2021-109) · **critical 9\\.8** (also GHSA\\-xpfp\\-f569\\-q3p2, PYSEC\\-2021\\-109)  ',
          '  SQL injection through order\\_by  ',
          '  Fixed in 3\\.1\\.13, 3\\.2\\.5\\. Nearest version without known advisories\\: 3\\.2\\.5\\.',
        ].join('\n'),
        'Checked 3 min ago against api\\.osv\\.dev',
      ].join('\n\n'),
    );
  });

  it('answers on the name and on the version, and nowhere else', () => {
    const state = { kind: 'settled', outcome: assessed([]) } as const;
    const lines = [{ requirement: pinned('Django', '3.2.0'), state }];
    const answered = [0, 3, 6, 8, 13].map((character) => hoverFor(lines, { line: 0, character }, context));
    assert.ok(answered.every((hover) => hover !== undefined));
    assert.equal(hoverFor(lines, { line: 0, character: 7 }, context), undefined);
    assert.equal(hoverFor(lines, { line: 1, character: 2 }, context), undefined);
  });

  it('says for a clean pin that nothing is known and since when', () => {
    const text = hoverText({ kind: 'settled', outcome: assessed([]) });
    assert.match(text, /No known advisories\.\n\nChecked just now/u);
  });

  it('says why something was not assessed or could not be checked', () => {
    const skipped = { kind: 'skipped', reason: 'url', message: 'It is installed from a URL.' } as const;
    assert.match(hoverText({ kind: 'settled', outcome: skipped }), /\*\*Not assessed:\*\* It is installed from a URL/u);
    const text = hoverText({ kind: 'settled', outcome: failed() });
    assert.match(text, /\*\*Could not be checked:\*\* api\\\.osv\\\.dev did not answer/u);
    assert.match(text, /it may be vulnerable/u);
  });

  it('caps a long list and says how many there are', () => {
    const many = Array.from({ length: 63 }, (_, index) => finding({ id: `CVE-2020-${index}` }));
    const text = hoverText({ kind: 'settled', outcome: assessed(many) });
    assert.match(text, /63 known vulnerabilities/u);
    assert.match(text, /… and 53 more/u);
  });

  it('gives foreign text no power', () => {
    const hostile = finding({
      summary: '[click](command:evil) ![x](https://e/x.png) <img src=x> `code` https://evil.example **b** \u202Ex',
      url: 'javascript:alert(1)',
      id: 'CVE-1](command:evil)',
    });
    const text = hoverText({ kind: 'settled', outcome: assessed([hostile]) });
    assert.doesNotMatch(text, /(?<!\\)\]\(/u, 'an unescaped link');
    assert.doesNotMatch(text, /<|\u202E|javascript:/u);
    assert.doesNotMatch(text, /https:\/\/evil/u);
  });
});
