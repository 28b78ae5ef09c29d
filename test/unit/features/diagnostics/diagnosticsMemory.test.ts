import assert from 'node:assert/strict';
import { defaultSettings } from '../../../../protocol/settings.ts';
import { diagnosticsFor } from '../../../../server/src/features/diagnostics/diagnostics.ts';
import { DiagnosticsMemory } from '../../../../server/src/features/diagnostics/diagnosticsMemory.ts';
import type { Range } from '../../../../server/src/core/text/position.ts';
import type { LineState } from '../../../../server/src/project/workspace/lineState.ts';
import { assessed, failed, finding, noon, pinned } from '../../../support/builders.ts';

const options = { ...defaultSettings, now: noon, uri: 'file:///requirements.txt' };

describe('remembered diagnostics', () => {
  const bad: LineState = {
    requirement: pinned('django', '3.2'),
    state: { kind: 'settled', outcome: assessed([finding()]) },
  };
  const clean: LineState = { requirement: pinned('six', '1.0', 1), state: { kind: 'settled', outcome: assessed([]) } };

  it('are the very same for a line that stays', () => {
    const memory = new DiagnosticsMemory();
    const [first] = memory.of([bad, clean], [], options);
    const [again] = memory.of([bad], [], options);
    assert.ok(first);
    assert.equal(again, first);
  });

  it('are about the new place of a line that has moved, and of others where they were', () => {
    const outcome = assessed([finding(), finding({ id: 'CVE-3', score: 1 })]);
    const { requirement } = bad;
    const line: LineState = { requirement, state: { kind: 'settled', outcome } };
    const lower = ({ start, end }: Range): Range => ({
      start: { ...start, line: start.line + 2 },
      end: { ...end, line: end.line + 2 },
    });
    const { range, tokenRange, nameRange } = requirement;
    const moved: LineState = {
      state: line.state,
      requirement: { ...requirement, range: lower(range), tokenRange: lower(tokenRange), nameRange: lower(nameRange) },
    };
    const includedAt = [
      { uri: 'file:///other.txt', range: tokenRange },
      { uri: options.uri, range: range },
    ];
    const memory = new DiagnosticsMemory();
    memory.of([clean, line], [], { ...options, includedAt });
    const after = memory.of([clean, moved], [], { ...options, includedAt });
    assert.deepEqual(after, diagnosticsFor([clean, moved], [], { ...options, includedAt }));
    assert.equal(after[0]?.relatedInformation?.length, 3);
  });

  it('follow other settings', () => {
    const memory = new DiagnosticsMemory();
    memory.of([bad, clean], [], options);
    const louder = { ...options, diagnosticSeverity: { ...options.diagnosticSeverity, critical: 'hint' as const } };
    assert.deepEqual(memory.of([bad, clean], [], louder), diagnosticsFor([bad, clean], [], louder));
    assert.equal(memory.of([bad], [], louder)[0]?.severity, 4);
  });

  it('say how old an answer is now, not then', () => {
    const outcome = failed({ lastKnown: assessed([finding()]) });
    const lines: readonly LineState[] = [{ ...bad, state: { kind: 'settled', outcome } }];
    const memory = new DiagnosticsMemory();
    const before = memory.of(lines, [], options);
    const later = { ...options, now: noon + 3 * 3_600_000 };
    const after = memory.of(lines, [], later);
    assert.notDeepEqual(after, before);
    assert.deepEqual(after, diagnosticsFor(lines, [], later));
  });
});
