import assert from 'node:assert/strict';
import type { Finding } from '../../../server/src/core/assessment/finding.ts';
import { inlayHints as hintsOf } from '../../../server/src/features/inlayHints.ts';
import type { LineState } from '../../../server/src/project/workspace/lineState.ts';
import { fixScope } from '../../../server/src/core/fixes/fixScope.ts';
import { usualPolicy } from '../../../server/src/core/fixes/fixPolicy.ts';
import { pipKind } from '../../../server/src/core/manifests/pip/pipManifest.ts';
import { fileId } from '../../../server/src/project/fileId.ts';
import { english } from '../../../server/src/core/words/words.ts';
import { assessed, failed, finding, pinned } from '../../support/builders.ts';

const everywhere = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
const all = { minimumSeverity: 'none' } as const;
const id = fileId('file:///w/requirements.txt');
const file = pipKind.parse('django==3.2.0\n'.repeat(10));
const fixing = {
  scope: fixScope([{ source: id, shown: 'requirements.txt', file }], []),
  filesOf: () => undefined,
  factsOf: () => undefined,
  policy: usualPolicy,
};

/** Of a file that has the same pin on every line. */
function inlayHints(
  lined: Omit<Parameters<typeof hintsOf>[0], 'file'>,
  range: Parameters<typeof hintsOf>[1],
): ReturnType<typeof hintsOf> {
  return hintsOf({ ...lined, file }, range, { id, fix: fixing }, english).map(({ textEdits, ...hint }) => {
    assert.ok(textEdits === undefined || textEdits.length > 0);
    return hint;
  });
}

function line(state: LineState['state'], at = 0): LineState {
  return { requirement: pinned('django', '3.2.0', at), state };
}

function vulnerable(...findings: readonly Finding[]): LineState['state'] {
  return { kind: 'settled', outcome: assessed(findings) };
}

describe('inlay hints', () => {
  it('name the version that leaves all the findings behind, at the end of the version', () => {
    const fix = { nearest: '3.2.16', latest: '5.0', verified: true, passedOver: [] };
    const findings = [finding(), finding({ id: 'CVE-2022-1' }), finding({ id: 'CVE-2022-2' })];
    const state = { kind: 'settled', outcome: { ...assessed(findings), fix } } as const;
    assert.deepEqual(inlayHints({ lines: [line(state, 4)], settings: all }, everywhere), [
      {
        position: { line: 4, character: 13 },
        label: '→ 3.2.16',
        paddingLeft: true,
        tooltip:
          'The nearest version of django without the 3 vulnerabilities known in 3.2.0: CVE-2021-35042, CVE-2022-1, CVE-2022-2.',
      },
    ]);
  });

  it('tell what the version needs of Python', () => {
    const outcome = assessed([finding({ nearestFix: '3.2.5' })]);
    const fix = { nearest: '3.2.5', latest: '4.0', verified: true, passedOver: [], requiresPython: '>=3.6' };
    const [hint] = inlayHints(
      { lines: [line({ kind: 'settled', outcome: { ...outcome, fix } })], settings: all },
      everywhere,
    );
    assert.match(JSON.stringify(hint?.tooltip), /known in 3\.2\.0: CVE-2021-35042\. It needs Python >=3\.6\."$/u);
  });

  it('name no version that leaves some behind', () => {
    const fix = { nearest: undefined, latest: undefined, verified: true, passedOver: [] };
    const outcome = { ...assessed([finding({ nearestFix: '3.2.9' })]), fix };
    assert.deepEqual(inlayHints({ lines: [line({ kind: 'settled', outcome })], settings: all }, everywhere), []);
  });

  it('name none for what is malicious, and none where all is ignored', () => {
    const malicious = vulnerable(finding({ severity: 'malicious' }), finding());
    const ignored = vulnerable(finding({ ignored: { reason: 'not reached', until: null } }));
    assert.deepEqual(inlayHints({ lines: [line(malicious), line(ignored)], settings: all }, everywhere), []);
  });

  it('say nothing for what is clean, pending, or could not be checked', () => {
    const outcome = assessed([finding({ nearestFix: '3.2.9' })]);
    const lines = [
      line(vulnerable()),
      line({ kind: 'pending', before: { version: '3.2.0', outcome } }),
      line({ kind: 'pending' }),
      line({ kind: 'settled', outcome: failed({ lastKnown: outcome }) }),
    ];
    assert.deepEqual(inlayHints({ lines: lines, settings: all }, everywhere), []);
  });

  it('are for the lines that are asked for', () => {
    const lines = [0, 5, 9].map((at) => line(vulnerable(finding({ nearestFix: '3.2.9' })), at));
    const range = { start: { line: 1, character: 0 }, end: { line: 5, character: 0 } };
    assert.deepEqual(
      inlayHints({ lines: lines, settings: all }, range).map(({ position }) => position.line),
      [5],
    );
  });

  it('are not where another file decides the version', () => {
    const requirement = {
      ...pinned('django', '3.2.0'),
      decidedBy: { kind: 'constraint', source: 'constraints.txt' } as const,
    };
    assert.deepEqual(
      inlayHints(
        { lines: [{ requirement, state: vulnerable(finding({ nearestFix: '3.2.9' })) }], settings: all },
        everywhere,
      ),
      [],
    );
  });

  it('are not where no finding is drawn', () => {
    const state = vulnerable(finding({ severity: 'low', nearestFix: '3.2.9' }));
    assert.equal(inlayHints({ lines: [line(state)], settings: all }, everywhere).length, 1);
    assert.equal(inlayHints({ lines: [line(state)], settings: { minimumSeverity: 'high' } }, everywhere).length, 0);
  });
});
