import assert from 'node:assert/strict';
import { ignoresFromSettings } from '../../../../server/src/core/ignores/ignoresFromSettings.ts';
import type { LineState } from '../../../../server/src/project/workspace/lineState.ts';
import { IgnoreMarks } from '../../../../server/src/project/workspace/ignoreMarks.ts';
import { assessed, failed, finding, noon, pinned } from '../../../support/builders.ts';

const dayMs = 86_400_000;
const id = finding().id;
const line = (state: LineState['state']): LineState => ({ requirement: pinned('django', '3.2.0'), state });
const vulnerable = line({ kind: 'settled', outcome: assessed([finding()]) });

describe('marks of ignores', () => {
  const { ignores } = ignoresFromSettings([{ id, reason: 'why not', until: '2026-11-23' }]);

  it('leave a line that no ignore is about the very same object', () => {
    const marks = new IgnoreMarks('requirements.txt');
    marks.use([], noon);
    assert.equal(marks.of(vulnerable), vulnerable);
    marks.use(ignores, noon);
    const other = line({ kind: 'settled', outcome: assessed([finding({ id: 'CVE-9', aliases: [], records: [] })]) });
    assert.equal(marks.of(other), other);
    const clean = line({ kind: 'settled', outcome: assessed([]) });
    assert.equal(marks.of(clean), clean);
  });

  it('are made once for a line, and again when other ignores hold', () => {
    const marks = new IgnoreMarks('requirements.txt');
    assert.equal(marks.use(ignores, noon), false);
    const marked = marks.of(vulnerable);
    assert.match(JSON.stringify(marked), /"ignored":\{"reason":"why not","until":"2026-11-23"\}/u);
    assert.equal(marks.use([...ignores], noon + 1), true);
    assert.equal(marks.of(vulnerable), marked);
    assert.equal(marks.use([], noon + 2), false);
    assert.equal(marks.of(vulnerable), vulnerable);
  });

  it('end with their day though nothing else changes, and are back when the clock is put back', () => {
    const marks = new IgnoreMarks('requirements.txt');
    marks.use(ignores, noon);
    marks.of(vulnerable);
    assert.equal(marks.use(ignores, noon + dayMs), true);
    assert.equal(marks.use(ignores, noon + 2 * dayMs), false);
    const [ended, ignored] = [/"ignoreEnded":"2026-11-23"/u, /"ignored":\{/u];
    assert.match(JSON.stringify(marks.of(vulnerable)), ended);
    assert.doesNotMatch(JSON.stringify(marks.of(vulnerable)), ignored);
    assert.equal(marks.use(ignores, noon), false);
    assert.match(JSON.stringify(marks.of(vulnerable)), ignored);
    assert.doesNotMatch(JSON.stringify(marks.of(vulnerable)), ended);
  });

  it('are also on what was known before, and behind a failure', () => {
    const marks = new IgnoreMarks('requirements.txt');
    marks.use(ignores, noon);
    const outcome = assessed([finding()]);
    for (const state of [
      { kind: 'pending', before: { version: '3.2.0', outcome } },
      { kind: 'settled', outcome: failed({ lastKnown: outcome }) },
    ] as const) {
      assert.match(JSON.stringify(marks.of(line(state))), /"ignored":/u);
    }
    const pending = line({ kind: 'pending' });
    assert.equal(marks.of(pending), pending);
  });
});
