import assert from 'node:assert/strict';
import { fixLine } from '../../../../../server/src/core/report/words/fixLine.ts';
import { assessed, finding, pinned } from '../../../../support/builders.ts';

describe('the fix of a report', () => {
  const outcome = assessed([finding({ nearestFix: '3.1.3' })]);
  const lineOf = (kind: 'lock' | 'environment' | 'constraint', source: string): string | undefined =>
    fixLine({ ...pinned('flask', '1.0'), specifier: '>=1', decidedBy: { kind, source }, outcome }, outcome);

  it('names the command where a lock decides the version, else the file that does', () => {
    assert.equal(lineOf('lock', 'uv.lock'), 'flask 3.1.3 or later, with: uv lock --upgrade-package flask');
    assert.equal(lineOf('lock', 'poetry.lock'), 'flask 3.1.3 or later, with: poetry update flask');
    assert.equal(lineOf('environment', '.venv'), 'flask 3.1.3, in .venv');
    assert.equal(lineOf('constraint', 'constraints.txt'), 'flask 3.1.3, in constraints.txt');
  });

  it('is what to type for a pin', () => {
    assert.equal(fixLine({ ...pinned('flask', '1.0'), outcome }, outcome), 'flask==3.1.3');
  });
});
