import assert from 'node:assert/strict';
import { findingsActions, findingsMessage, type ViewFacts } from '../../../client/src/views/findingsMessage.ts';
import { advisoryNodes, findingsTree, type RootNode, type TreeWish } from '../../../client/src/views/findingsTree.ts';
import { worstSeverities } from '../../../client/src/views/worstSeverities.ts';
import type { FindingsParams, VulnerableRequirement } from '../../../protocol/messages/findings.ts';
import type { FindingSeverity } from '../../../protocol/messages/severity.ts';
import { compareSeverities, severityRank } from '../../../server/src/core/advisories/severityOrder.ts';
import { english } from '../../support/english.ts';

const context = { t: english, pathOf: (uri: string): string => uri.replace('file:///project/', '') };
const byPackage: TreeWish = { grouping: 'package', minimum: 'none' };

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
    score: 7.5,
    counts: { high: 1, medium: 1 },
    ids: ['CVE-1', 'CVE-2'],
    url: 'https://osv.dev/vulnerability/CVE-1',
    fix: { version: '3.2.25', step: 'patch' },
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
  return { workspace: true, ...counts, headline: 'clean', vulnerable: [], failed: [], ignoredAt: [], ...changes };
}

const childrenOf = (node: RootNode) => (node.kind === 'requirement' ? [] : node.children);

const rows = (nodes: readonly RootNode[]): readonly string[] =>
  nodes.flatMap((node) => [
    `${node.label} | ${node.description}`,
    ...childrenOf(node).map(({ label, description }) => `  ${label} | ${description}`),
  ]);

const failure = { uri: 'file:///project/requirements.txt', line: 4, character: 0, name: 'six', message: 'No answer.' };
const ignore = {
  ...{ uri: 'file:///project/requirements.txt', line: 5, character: 0, name: 'rsa', version: '4.0' },
  ...{ ids: ['CVE-8', 'CVE-9'], reason: 'not reached', until: '2027-01-31' },
};

describe('tree of findings', () => {
  const several = [
    vulnerable({ name: 'six', normalizedName: 'six', severity: 'low', version: '1.0', counts: { low: 1 }, ids: ['C'] }),
    vulnerable({ name: 'acme', normalizedName: 'acme', verdict: 'possiblyVulnerable', severity: 'critical' }),
    vulnerable(),
    vulnerable({
      ...{ name: 'Django', uri: 'file:///project/b/dev.txt', line: 6, version: '2.0', severity: 'critical' },
      ...{ counts: { critical: 3, high: 2 }, fix: { version: '4.2.30', step: 'major' } },
    }),
  ];

  it('has one node a package: versions, safe version and counts in the row, the worst package first', () => {
    assert.deepEqual(rows(findingsTree(findings({ vulnerable: several }), byPackage, context)), [
      'Django | 2.0, 3.2.0 · 2 · 3 critical, 2 high',
      '  b/dev.txt:7 | 2.0 → 4.2.30 (major) · 2 · 3 critical, 2 high',
      '  requirements.txt:2 | 3.2.0 → 3.2.25 · 2 · 1 high, 1 medium',
      'six | 1.0 → 3.2.25 · 1 · 1 low',
      'acme | 3.2.0 → 3.2.25 · 2 · possibly: 1 high, 1 medium',
    ]);
  });

  it('has one node a file where the user wants that', () => {
    assert.deepEqual(
      rows(findingsTree(findings({ vulnerable: several }), { ...byPackage, grouping: 'file' }, context)),
      [
        'b/dev.txt | 1 requirement · worst: critical',
        '  Django | 2.0 → 4.2.30 (major) · 2 · 3 critical, 2 high',
        'requirements.txt | 3 requirements · worst: high',
        '  django | 3.2.0 → 3.2.25 · 2 · 1 high, 1 medium',
        '  six | 1.0 → 3.2.25 · 1 · 1 low',
        '  acme | 3.2.0 → 3.2.25 · 2 · possibly: 1 high, 1 medium',
      ],
    );
  });

  it('has room for the safe version, whatever the number of versions', () => {
    const of = (version: string, line: number) => vulnerable({ version, line });
    const labels = (versions: readonly string[]) =>
      rows(findingsTree(findings({ vulnerable: versions.map(of) }), byPackage, context))[0];
    assert.equal(labels(['', '>=3']), 'django | any version, >=3 → 3.2.25 · 2 · 1 high, 1 medium');
    assert.equal(labels(['1', '2', '3', '3']), 'django | 3 versions → 3.2.25 · 2 · 1 high, 1 medium');
    assert.equal(labels(['']), 'django | any version → 3.2.25 · 2 · 1 high, 1 medium');
  });

  it('sorts by score where the severity is the same', () => {
    const of = (name: string, score: number) => vulnerable({ name, normalizedName: name, score });
    const tree = findingsTree(findings({ vulnerable: [of('a', 7.1), of('b', 8.8)] }), byPackage, context);
    assert.deepEqual(
      tree.map(({ label }) => label),
      ['b', 'a'],
    );
  });

  it('has severities in the order that reports have', () => {
    const severities = Object.keys(severityRank) as FindingSeverity[];
    const all = severities.map((severity) => vulnerable({ name: severity, normalizedName: severity, severity }));
    const shown = findingsTree(findings({ vulnerable: all }), byPackage, context).map(({ label }) => label);
    assert.deepEqual(
      shown,
      severities.sort((a, b) => compareSeverities(a, b) || (a < b ? -1 : 1)),
    );
  });

  it('gives each severity an icon of its own, and the colour of a hint to what is only possible', () => {
    const severities = Object.keys(severityRank) as FindingSeverity[];
    const iconOf = (changes: Partial<VulnerableRequirement>) =>
      findingsTree(findings({ vulnerable: [vulnerable(changes)] }), byPackage, context)[0]?.icon;
    assert.equal(new Set(severities.map((severity) => iconOf({ severity })?.glyph)).size, severities.length);
    assert.equal(iconOf({ severity: 'critical', verdict: 'possiblyVulnerable' })?.colour, 'info');
  });

  it('has what could not be checked and what is ignored in nodes of their own, last', () => {
    const tree = findingsTree(
      findings({ vulnerable: [vulnerable({ isOld: true })], failed: [failure], ignoredAt: [ignore] }),
      byPackage,
      context,
    );
    assert.deepEqual(rows(tree), [
      'django | 3.2.0 → 3.2.25 · 2 · 1 high, 1 medium (could not be checked again)',
      'Could not be checked | 1',
      '  six | requirements.txt:5',
      'Ignored | 2',
      '  rsa | 4.0 · CVE-8, CVE-9 · not reached · until 2027-01-31',
    ]);
    const [failed] = tree.slice(1, 2).flatMap(childrenOf);
    assert.equal(failed?.tooltip, 'No answer.');
    assert.equal(failed.accessibilityLabel, 'six, requirements.txt:5: No answer.');
  });

  it('keeps out what is below the filter, never what is malicious, unknown or unchecked', () => {
    const of = (severity: FindingSeverity) => vulnerable({ name: severity, normalizedName: severity, severity });
    const all = findings({
      vulnerable: [of('malicious'), of('critical'), of('high'), of('medium'), of('unknown'), of('low')],
      failed: [failure],
    });
    const shown = findingsTree(all, { grouping: 'package', minimum: 'critical' }, context);
    assert.deepEqual(
      shown.map(({ label }) => label),
      ['malicious', 'critical', 'unknown', 'Could not be checked'],
    );
  });

  it('reads well aloud', () => {
    const [one] = findingsTree(findings({ vulnerable: [vulnerable()] }), byPackage, context);
    assert.equal(one?.accessibilityLabel, 'requirements.txt:2, django 3.2.0 → 3.2.25: 2 advisories, 1 high, 1 medium');
    const twice = [vulnerable(), vulnerable({ line: 7 })];
    const [node] = findingsTree(findings({ vulnerable: twice }), byPackage, context);
    assert.equal(node?.accessibilityLabel, 'django 3.2.0 → 3.2.25: 2 advisories, 1 high, 1 medium, 2 places');
  });

  it('gives every node an id of its own, also for two of one line', () => {
    const two = findings({ vulnerable: [vulnerable(), vulnerable({ character: 30 })] });
    const tree = findingsTree(two, byPackage, context);
    const ids = tree.flatMap((node) => [node.id, ...childrenOf(node).map(({ id }) => id)]);
    assert.equal(new Set(ids).size, 3);
  });

  it('has each advisory below its requirement, with score and summary', () => {
    const url = 'https://osv.dev/vulnerability/CVE-1';
    const advisories = [
      { id: 'CVE-1', severity: 'high', score: 7.5, summary: 'Open redirect', url },
      { id: 'CVE-2', severity: 'unknown', score: null, summary: '', url },
    ] as const;
    assert.deepEqual(
      advisoryNodes(vulnerable(), advisories, english).map(({ label, description }) => [label, description]),
      [
        ['CVE-1', 'high 7.5 · Open redirect'],
        ['CVE-2', 'severity unknown'],
      ],
    );
  });

  it('counts vulnerable requirements by their worst severity, not what is only possible', () => {
    assert.deepEqual(worstSeverities({ vulnerable: several }), { low: 1, high: 1, critical: 1 });
  });
});

describe('the sentences above the list', () => {
  const facts = (changes: Partial<ViewFacts> = {}): ViewFacts => ({
    findings: undefined,
    found: 22,
    hasFolder: true,
    isStopped: false,
    isOff: false,
    minimum: 'none',
    ...changes,
  });
  const said = (changes: Partial<ViewFacts>): string | undefined => findingsMessage(facts(changes), english);
  const offered = (changes: Partial<ViewFacts>): readonly string[] =>
    findingsActions(facts(changes), english).map(({ label }) => label);

  it('count the files before anything was checked, and offer to scan them', () => {
    assert.equal(said({}), '22 requirements files, none checked yet.');
    assert.equal(said({ found: 1 }), '1 requirements file, not checked yet.');
    assert.deepEqual(offered({}), ['Scan Workspace']);
    assert.equal(said({ found: undefined }), undefined);
  });

  it('say what was looked at, and what was not', () => {
    assert.equal(said({ findings: findings() }), 'No known vulnerabilities in 9 requirements in 2 files.');
    assert.equal(
      said({ findings: findings({ workspace: false }) }),
      'No known vulnerabilities in 9 requirements in 2 files. 20 other files are not checked yet.',
    );
    assert.deepEqual(offered({ findings: findings({ workspace: false }) }), ['Scan Workspace']);
    assert.deepEqual(offered({ findings: findings() }), []);
    assert.equal(
      said({ hasFolder: false, found: 0, findings: findings({ workspace: false }) }),
      'No known vulnerabilities in 9 requirements in 2 files. No folder is open, so no other file has been checked.',
    );
    assert.equal(
      said({ findings: findings({ files: 0, requirements: 0, unread: 2 }) }),
      'No requirements files found. 2 files could not be read.',
    );
  });

  it('never sound clean where something was not assessed, not read, old or in progress', () => {
    const partly = findings({ headline: 'partly', requirements: 35, assessed: 15, skipped: 20 });
    assert.equal(
      said({ findings: partly }),
      'No known vulnerabilities in 15 of 35 requirements in 2 files; 20 not assessed. Hover over a line to see why.',
    );
    const nothing = findings({ headline: 'incomplete', requirements: 20, assessed: 0, skipped: 20 });
    assert.equal(
      said({ findings: nothing }),
      'None of 20 requirements in 2 files could be assessed. Hover over a line to see why.',
    );
    assert.equal(
      said({ findings: findings({ headline: 'findings', skipped: 3, pending: 2, unread: 1 }) }),
      '9 requirements in 2 files, 3 of 9 not assessed, 1 line or file not read, 2 being checked.',
    );
    assert.equal(
      said({ findings: findings({ headline: 'incomplete', isOld: true, dataAgeDays: 30.5 }) }),
      '9 requirements in 2 files, data 30 days old.',
    );
    for (const headline of ['findings', 'incomplete', 'partly', 'ignored', 'empty'] as const) {
      assert.doesNotMatch(
        said({ findings: findings({ headline, skipped: 1 }) }) ?? '',
        /^No known vulnerabilities in 9 req/u,
      );
    }
    assert.equal(said({ isStopped: true, findings: findings() }), 'Pinwatch stopped. Nothing is being checked.');
    assert.equal(said({ isOff: true }), 'Pinwatch is turned off by the setting "pinwatch.enable".');
    assert.deepEqual(offered({ isOff: true }), []);
  });

  it('say what the filter hides, and offer to clear it', () => {
    const low = findings({ headline: 'findings', vulnerable: [vulnerable({ severity: 'low' })] });
    assert.equal(
      said({ findings: low, minimum: 'high' }),
      '9 requirements in 2 files. Filter: high and above. 1 requirement hidden.',
    );
    assert.deepEqual(offered({ findings: low, minimum: 'high' }), ['Clear Filter']);
    assert.deepEqual(offered({ findings: low }), []);
  });
});
