import assert from 'node:assert/strict';
import { type FindingsNode, findingsSummary, findingsTree, isClean } from '../../../client/src/views/findingsTree.ts';
import type { FindingSeverity, FindingsParams, VulnerableRequirement } from '../../../protocol/messages.ts';
import { compareSeverities, severityRank } from '../../../server/src/core/advisories/severityOrder.ts';
import { english } from '../../support/english.ts';

const pathOf = (uri: string): string => uri.replace('file:///project/', '');

function vulnerable(changes: Partial<VulnerableRequirement> = {}): VulnerableRequirement {
  return {
    uri: 'file:///project/requirements.txt',
    line: 1,
    character: 8,
    name: 'django',
    normalizedName: 'django',
    version: '3.2.0',
    verdict: 'vulnerable',
    severity: 'high',
    ids: ['CVE-1', 'CVE-2'],
    isOld: false,
    ...changes,
  };
}

function findings(changes: Partial<FindingsParams> = {}): FindingsParams {
  const counts = {
    files: 2,
    requirements: 9,
    assessed: 9,
    skipped: 0,
    unread: 0,
    isOld: false,
    pending: 0,
    ignored: 0,
  };
  return { workspace: true, ...counts, headline: 'clean', vulnerable: [], failed: [], ...changes };
}

const rows = (nodes: readonly FindingsNode[]): readonly string[] =>
  nodes.flatMap((node) => [
    `${node.label} | ${node.description}`,
    ...(node.kind === 'place' ? [] : rows(node.children).map((row) => `  ${row}`)),
  ]);

describe('tree of findings', () => {
  it('has one node a package with the worst severity in words, the worst package first', () => {
    const tree = findingsTree(
      findings({
        vulnerable: [
          vulnerable({ name: 'six', normalizedName: 'six', severity: 'low', version: '1.0', ids: ['CVE-3'] }),
          vulnerable({ name: 'acme', normalizedName: 'acme', verdict: 'possiblyVulnerable', severity: 'critical' }),
          vulnerable(),
          vulnerable({ name: 'Django', uri: 'file:///project/b/dev.txt', line: 6, severity: 'critical' }),
        ],
      }),
      english,
      pathOf,
    );
    assert.deepEqual(rows(tree), [
      'Django | 3.2.0 · critical',
      '  requirements.txt:2 | 3.2.0 · CVE-1, CVE-2',
      '  b/dev.txt:7 | 3.2.0 · CVE-1, CVE-2',
      'six | 1.0 · low',
      '  requirements.txt:2 | 1.0 · CVE-3',
      'acme | 3.2.0 · possibly vulnerable, critical',
      '  requirements.txt:2 | 3.2.0 · CVE-1, CVE-2',
    ]);
  });

  it('has severities in the order that reports have', () => {
    const severities = Object.keys(severityRank) as FindingSeverity[];
    const all = severities.map((severity) => vulnerable({ name: severity, normalizedName: severity, severity }));
    const shown = findingsTree(findings({ vulnerable: all }), english, pathOf).map(({ label }) => label);
    assert.deepEqual(
      shown,
      severities.sort((a, b) => compareSeverities(a, b) || (a < b ? -1 : 1)),
    );
  });

  it('has what could not be checked in a node of its own, last', () => {
    const tree = findingsTree(
      findings({
        vulnerable: [vulnerable({ isOld: true })],
        failed: [
          { uri: 'file:///project/requirements.txt', line: 4, character: 0, name: 'six', message: 'No answer.' },
        ],
      }),
      english,
      pathOf,
    );
    assert.deepEqual(rows(tree), [
      'django | 3.2.0 · high',
      '  requirements.txt:2 | 3.2.0 · CVE-1, CVE-2 (could not be checked again)',
      'Could not be checked | 1',
      '  six | requirements.txt:5',
    ]);
    const failure = tree.at(-1)?.children[0];
    assert.equal(failure?.tooltip, 'No answer.');
    assert.equal(failure.accessibilityLabel, 'six, requirements.txt:5: No answer.');
  });

  it('reads well aloud', () => {
    const [node] = findingsTree(findings({ vulnerable: [vulnerable()] }), english, pathOf);
    assert.equal(node?.accessibilityLabel, 'django 3.2.0: high, 1 place');
    assert.equal(node.children[0]?.accessibilityLabel, 'requirements.txt:2, django 3.2.0: CVE-1, CVE-2');
  });

  it('gives every node an id of its own, also for two of one line', () => {
    const tree = findingsTree(findings({ vulnerable: [vulnerable(), vulnerable({ character: 30 })] }), english, pathOf);
    const ids = tree.flatMap((node) => [node.id, ...node.children.map(({ id }) => id)]);
    assert.equal(new Set(ids).size, 3);
  });

  it('is clean only where the server says so: else an empty list has no text that says that nothing is known', () => {
    assert.equal(isClean(findings()), true);
    for (const headline of ['findings', 'incomplete', 'partly', 'ignored', 'empty'] as const) {
      assert.equal(isClean(findings({ headline })), false);
    }
  });

  it('says above the list how much was looked at and what is not in it', () => {
    assert.equal(findingsSummary(findings({ files: 0, requirements: 0 }), english), undefined);
    assert.equal(findingsSummary(findings({ files: 1, requirements: 1 }), english), '1 requirement in 1 file');
    assert.equal(
      findingsSummary(findings({ skipped: 3, pending: 2, ignored: 1 }), english),
      '9 requirements in 2 files, 3 of 9 not assessed, 1 findings ignored, 2 being checked',
    );
    assert.equal(
      findingsSummary(findings({ unread: 1, isOld: true, dataAgeDays: 30.5 }), english),
      '9 requirements in 2 files, 1 line or file not read, data 30 days old',
    );
  });
});
