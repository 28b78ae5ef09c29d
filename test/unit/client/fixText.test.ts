import assert from 'node:assert/strict';
import { fixText, isSomethingLeft } from '../../../client/src/texts/fixText.ts';
import { english } from '../../support/english.ts';

describe('the message after fixing', () => {
  const left = (name: string) => ({ uri: 'file:///r.txt', line: 0, name, reason: 'No safe version is known.' });
  const none = { applied: false, previewed: false, fixed: 0, files: 0, left: [] };

  it('says what was fixed, and how many were not', () => {
    assert.equal(fixText({ ...none, applied: true, fixed: 1, files: 1 }, english), 'Fixed 1 requirement.');
    assert.equal(
      fixText({ ...none, applied: true, fixed: 27, files: 1, left: [left('flask'), left('six')] }, english),
      'Fixed 27 requirements. 2 need you.',
    );
    assert.equal(
      fixText({ ...none, applied: true, fixed: 61, files: 22, left: [left('flask')] }, english),
      'Fixed 61 requirements in 22 files. 1 needs you.',
    );
    assert.equal(fixText({ ...none, left: [left('flask')] }, english), 'Nothing was fixed. 1 needs you.');
  });

  it('has a list to show where something is left', () => {
    assert.equal(isSomethingLeft({ ...none, left: [left('flask')] }), true);
    assert.equal(isSomethingLeft({ ...none, applied: true, fixed: 1, left: [left('flask')] }), true);
    assert.equal(isSomethingLeft({ ...none, fixed: 1, left: [left('flask')] }), false);
    assert.equal(isSomethingLeft(none), false);
  });

  it('claims no figures where the user chose in a preview', () => {
    const previewed = { ...none, previewed: true, fixed: 7, files: 2 };
    assert.equal(
      fixText({ ...previewed, applied: true, left: [left('flask')] }, english),
      'The selected updates are applied. 1 needs you.',
    );
    assert.equal(fixText(previewed, english), 'No updates were selected, so nothing changed.');
  });

  it('never says that nothing is to fix where something was not checked', () => {
    assert.equal(
      fixText({ ...none, unchecked: 2 }, english),
      'Nothing to fix in what was checked. 2 requirements not assessed.',
    );
    assert.equal(
      fixText({ ...none, unread: 1 }, english),
      'Nothing to fix in what was checked. 1 file could not be read.',
    );
    assert.equal(
      fixText({ ...none, applied: true, fixed: 1, files: 1, unchecked: 1 }, english),
      'Fixed 1 requirement. 1 requirement not assessed.',
    );
  });

  it('says what is left for review', () => {
    assert.equal(
      fixText({ ...none, applied: true, fixed: 24, files: 1, majors: 3 }, english),
      'Fixed 24 requirements. 3 major updates are left for review.',
    );
    assert.equal(fixText({ ...none, majors: 1 }, english), 'Nothing was fixed. 1 major update is left for review.');
  });

  it('tells nothing to fix from nothing done', () => {
    assert.equal(fixText(none, english), 'Nothing to fix.');
    assert.equal(fixText({ ...none, fixed: 2, files: 1, left: [left('a')] }, english), 'Nothing was changed.');
  });
});
