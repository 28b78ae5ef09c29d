import assert from 'node:assert/strict';
import type { DiagnosticRelatedInformation, Range, Uri } from 'vscode';
import { worstBeside } from '../../../client/src/texts/worstBeside.ts';
import { english } from '../../support/english.ts';

describe('what is shown beside a diagnostic', () => {
  const rangeAt = (line: number): Range => {
    const range = { line, isEqual: (other: unknown) => (other as { line: number }).line === line };
    return range as unknown as Range;
  };
  const entry = (message: string, line = 0, uri = 'file:///a.txt'): DiagnosticRelatedInformation => ({
    location: { uri: { toString: () => uri } as Uri, range: rangeAt(line) },
    message,
  });
  const shown = (entries: DiagnosticRelatedInformation[]): readonly string[] =>
    worstBeside({ range: rangeAt(0), relatedInformation: entries }, 'file:///a.txt', english).map(
      ({ message }) => message,
    );
  const advisories = (count: number): DiagnosticRelatedInformation[] =>
    Array.from({ length: count }, (_, index) => entry(`CVE-${index + 1}`));

  it('is the worst of the other advisories, and how many more there are', () => {
    assert.deepEqual(shown(advisories(30)), [...['CVE-1', 'CVE-2'], '28 more: the hover and the report list them.']);
  });

  it('is all of them where no row is saved', () => {
    assert.equal(shown(advisories(3)).at(-1), 'CVE-3');
    assert.deepEqual(shown([]), []);
  });

  it('keeps other places', () => {
    const places = [entry('Its version is pinned here.', 3), entry('This file is included here.', 0, 'file:///b.txt')];
    assert.deepEqual(shown([...advisories(9), ...places]).slice(2), [
      '7 more: the hover and the report list them.',
      'Its version is pinned here.',
      'This file is included here.',
    ]);
  });
});
