import assert from 'node:assert/strict';
import { fixText } from '../../../client/src/texts/fixText.ts';
import { english } from '../../support/english.ts';

describe('the message after fixing', () => {
  const left = (name: string) => ({ uri: 'file:///r.txt', line: 0, name, reason: 'No safe version is known.' });
  const none = { applied: false, previewed: false, fixed: 0, files: 0, left: [] };

  it('says what was fixed, and what was not and why', () => {
    assert.equal(fixText({ ...none, applied: true, fixed: 1, files: 1 }, english), '1 requirement fixed in 1 file.');
    assert.equal(
      fixText({ ...none, applied: true, fixed: 3, files: 2, left: [left('flask')] }, english),
      '3 requirements fixed in 2 files. 1 left as it is: flask: No safe version is known.',
    );
  });

  it('bounds what it names', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map(left);
    assert.match(
      fixText({ ...none, left: many }, english),
      /^Nothing could be fixed\. 5 left .* c: [^:]*\. and 2 more$/u,
    );
  });

  it('claims no figures where the user chose in a preview', () => {
    const previewed = { ...none, previewed: true, fixed: 7, files: 2 };
    assert.equal(
      fixText({ ...previewed, applied: true, left: [left('flask')] }, english),
      'What was ticked in the preview is changed. 1 left as it is: flask: No safe version is known.',
    );
    assert.equal(fixText(previewed, english), 'Nothing was changed. Only what is ticked in the preview is.');
  });

  it('never says that nothing is to fix where something was not checked', () => {
    assert.equal(
      fixText({ ...none, unchecked: 2 }, english),
      'There is nothing to fix in what was checked. 2 requirements could not be checked.',
    );
    assert.equal(
      fixText({ ...none, unread: 1 }, english),
      'There is nothing to fix in what was checked. 1 file could not be read.',
    );
    assert.equal(
      fixText({ ...none, applied: true, fixed: 1, files: 1, unchecked: 1 }, english),
      '1 requirement fixed in 1 file. 1 requirement could not be checked.',
    );
  });

  it('says what is left for review', () => {
    assert.equal(
      fixText({ ...none, applied: true, fixed: 24, files: 1, majors: 3 }, english),
      '24 requirements fixed in 1 file. 3 major updates are left for review.',
    );
    assert.equal(fixText({ ...none, majors: 1 }, english), 'Nothing was changed. 1 major update is left for review.');
  });

  it('tells nothing to fix from nothing done', () => {
    assert.equal(fixText(none, english), 'There is nothing to fix.');
    assert.equal(fixText({ ...none, fixed: 2, files: 1, left: [left('a')] }, english), 'Nothing was changed.');
  });
});
