import assert from 'node:assert/strict';
import { nextPlace } from '../../../client/src/commands/nextPlace.ts';
import { ignoreDoneText, ignoredText, reasonPrompt, untilProblem } from '../../../client/src/texts/ignoreText.ts';
import { sizeText, uptimeText } from '../../../client/src/texts/quantities.ts';
import { english } from '../../support/english.ts';

const scope = { ids: ['CVE-1'], subject: 'django 3.2.0', file: 'osv-scanner.toml', isNew: false, folder: '' };

describe('what is said about an ignore', () => {
  it('names the file and how far it reaches before anything is written', () => {
    assert.equal(
      reasonPrompt(scope, english),
      'Why can this be ignored? Your reason is saved in osv-scanner.toml. The ignore applies to all requirements files of this folder.',
    );
    assert.equal(
      reasonPrompt({ ...scope, file: 'api/osv-scanner.toml', isNew: true, folder: 'api' }, english),
      'Why can this be ignored? Your reason is saved in api/osv-scanner.toml (new file). The ignore applies to all requirements files in api.',
    );
  });

  it('says afterwards what is ignored, until when and where', () => {
    assert.equal(
      ignoreDoneText(scope, undefined, english),
      'Pinwatch: CVE-1 (django 3.2.0) ignored in osv-scanner.toml.',
    );
    assert.equal(
      ignoreDoneText({ ...scope, ids: ['CVE-1', 'CVE-2'] }, '28 Dec 2026', english),
      'Pinwatch: 2 advisories (django 3.2.0) ignored until 28 Dec 2026 in osv-scanner.toml.',
    );
    assert.equal(ignoredText(['CVE-1'], english), 'CVE-1');
  });

  it('takes a day of the future, and no other text', () => {
    const today = '2026-11-28';
    assert.equal(untilProblem('2026-11-29', today, english), undefined);
    for (const day of ['2026-11-28', '2020-01-01']) {
      assert.equal(untilProblem(day, today, english), 'Enter a day in the future.', day);
    }
    for (const day of ['', 'tomorrow', '2027-02-30', '2027-1-1', '28.12.2026', '2027-01-01T00:00:00Z']) {
      assert.equal(untilProblem(day, today, english), 'Enter a day such as 2026-11-28.', day);
    }
  });
});

describe('the next problem', () => {
  const at = (uri: string, line: number, character = 0) => ({ uri, line, character });
  const places = [at('b', 0), at('a', 5), at('a', 1, 4), at('a', 1, 9)];

  it('is the next one in the file, then in the next file, then the first again', () => {
    assert.deepEqual(nextPlace(places, at('a', 1, 4)), at('a', 1, 9));
    assert.deepEqual(nextPlace(places, at('a', 5)), at('b', 0));
    assert.deepEqual(nextPlace(places, at('b', 0)), at('a', 1, 4));
  });

  it('is the first one where no editor is open, and none where there is none', () => {
    assert.deepEqual(nextPlace(places, undefined), at('a', 1, 4));
    assert.equal(nextPlace([], at('a', 0)), undefined);
  });
});

describe('quantities', () => {
  it('are in the unit that people would use', () => {
    assert.deepEqual(
      [10_240, 1_500, 3_383_296, 52 * 1024 * 1024].map((bytes) => sizeText(bytes, english)),
      ['10 KiB', '1.5 KiB', '3.2 MiB', '52 MiB'],
    );
    assert.deepEqual(
      [4.6, 244, 7_500].map((seconds) => uptimeText(seconds, english)),
      ['5 s', '4 min', '2 h 5 min'],
    );
  });
});
