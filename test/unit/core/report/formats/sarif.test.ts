import assert from 'node:assert/strict';
import {
  leftOutOfSarif,
  type SarifLimits,
  sarifLimits,
} from '../../../../../server/src/core/report/formats/sarif/limits.ts';
import { sarifReport } from '../../../../../server/src/core/report/formats/sarif/sarif.ts';
import type { PolicyFinding } from '../../../../../server/src/core/assessment/policyFinding.ts';
import { type ScanReport, summarize } from '../../../../../server/src/core/report/scanReport.ts';
import { assessed, failed, finding, pinned } from '../../../../support/builders.ts';
import { cleanReport, context, fullReport } from '../../../../support/reportFixture.ts';

interface Message {
  readonly text: string;
  readonly markdown?: string;
}
interface Location {
  readonly physicalLocation: { readonly artifactLocation: object; readonly region: object };
}
interface Notification {
  readonly descriptor: { readonly id: string; readonly index: number };
  readonly level: string;
  readonly message: Message;
  readonly locations?: readonly Location[];
}
interface Run {
  readonly columnKind: string;
  readonly tool: {
    readonly driver: {
      readonly rules: readonly {
        readonly id: string;
        readonly helpUri: string;
        readonly help: Message;
        readonly defaultConfiguration: { readonly level: string };
        readonly properties: Readonly<Record<string, unknown>>;
      }[];
      readonly notifications: readonly { readonly id: string }[];
    };
  };
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly endTimeUtc: string;
    readonly toolExecutionNotifications: readonly Notification[];
    readonly toolConfigurationNotifications: readonly Notification[];
  }[];
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly message: Message;
    readonly locations: readonly Location[];
    readonly partialFingerprints: Readonly<Record<string, string>>;
    readonly suppressions: readonly object[];
  }[];
}

function runOf(report: ScanReport): Run {
  const log = JSON.parse(sarifReport(report, context)) as { readonly version: string; readonly runs: readonly Run[] };
  assert.equal(log.version, '2.1.0');
  return log.runs[0] ?? assert.fail('no run');
}

const only = (path: string, requirements: ScanReport['files'][number]['requirements']): ScanReport => ({
  ...cleanReport(),
  files: [{ path, requirements, problems: [] }],
});

describe('SARIF', () => {
  it('puts what the rules say behind the vulnerabilities that are as bad, each with an identity of its own', () => {
    const policy = (level: 'error' | 'warning' | 'information'): PolicyFinding => ({
      code: 'policy-package',
      level,
      message: 'Not allowed.',
    });
    const requirements = [
      {
        ...pinned('a', '1', 0),
        outcome: assessed([finding({ id: 'CVE-1', severity: 'low' })]),
        policy: [policy('information')],
      },
      {
        ...pinned('a', '1', 1),
        outcome: assessed([finding({ id: 'CVE-2', severity: 'medium' })]),
        policy: [policy('warning')],
      },
      {
        ...pinned('b', '1', 2),
        outcome: assessed([finding({ id: 'CVE-3', severity: 'high' })]),
        policy: [policy('error')],
      },
      { ...pinned('c', '1', 3), outcome: assessed([finding({ id: 'CVE-4', ignored: { reason: '', until: null } })]) },
    ];
    const files = [{ path: 'r.txt', requirements, problems: [] }];
    const { results } = runOf({ ...cleanReport(), files });
    assert.deepEqual(
      results.map(({ ruleId, level }) => `${ruleId} ${level}`),
      [
        'CVE-3 error',
        'policy-package error',
        'CVE-2 warning',
        'policy-package warning',
        'CVE-1 note',
        'policy-package note',
        'CVE-4 note',
      ],
    );
    const hashes = results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
    assert.equal(new Set(hashes).size, results.length);
  });

  it('has a rule for each finding and a result for each requirement that has it', () => {
    const { tool, results } = runOf(fullReport());
    assert.deepEqual(
      results.map(({ ruleId, level, ruleIndex }) => [ruleId, level, tool.driver.rules[ruleIndex]?.id]),
      [
        ['MAL-2024-1', 'error', 'MAL-2024-1'],
        ['CVE-2021-35042', 'error', 'CVE-2021-35042'],
        ['CVE-2024-22195', 'note', 'CVE-2024-22195'],
        ['CVE-2022-1', 'note', 'CVE-2022-1'],
      ],
    );
    assert.deepEqual(
      tool.driver.rules.map(({ properties, defaultConfiguration }) => [
        properties['security-severity'],
        defaultConfiguration.level,
      ]),
      [
        ['10.0', 'error'],
        ['9.8', 'error'],
        ['7.5', 'note'],
        ['5.5', 'warning'],
      ],
    );
    assert.match(tool.driver.rules[1]?.help.text ?? '', /Also known as GHSA-xpfp-f569-q3p2, PYSEC-2021-109\./u);
  });

  it('counts lines and columns from 1, in UTF-16 units', () => {
    const { results, columnKind } = runOf(fullReport());
    assert.equal(columnKind, 'utf16CodeUnits');
    assert.deepEqual(results[1]?.locations, [
      {
        physicalLocation: {
          artifactLocation: { uri: 'app/requirements%20dev.txt', uriBaseId: '%SRCROOT%', index: 0 },
          region: { startLine: 1, startColumn: 9, endLine: 1, endColumn: 14 },
        },
      },
    ]);
  });

  it('names files so that every viewer finds them', () => {
    const location = (path: string): object | undefined =>
      runOf(only(path, [{ ...pinned('django', '3.2.0'), outcome: assessed([finding()]) }])).results[0]?.locations[0]
        ?.physicalLocation.artifactLocation;
    assert.deepEqual(location('./a#b/ü.txt'), { uri: 'a%23b/%C3%BC.txt', uriBaseId: '%SRCROOT%', index: 0 });
    assert.deepEqual(location('/srv/a b.txt'), { uri: 'file:///srv/a%20b.txt', index: 0 });
    assert.deepEqual(location('C:\\a b\\r.txt'), { uri: 'file:///C:/a%20b/r.txt', index: 0 });
    assert.deepEqual(location('-'), { uri: 'stdin', index: 0 });
  });

  it('keeps its fingerprints when lines move and versions change, and tells equal lines apart', () => {
    const hashes = (report: ScanReport) =>
      runOf(report).results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
    const at = (line: number, version: string) => ({
      ...pinned('django', version, line),
      outcome: assessed([finding()]),
    });
    const [one] = hashes(only('r.txt', [at(0, '3.2.0')]));
    assert.match(one ?? '', /^[0-9a-f]{16}:1$/u);
    assert.deepEqual(hashes(only('r.txt', [at(40, '3.2.1')])), [one]);
    assert.notDeepEqual(hashes(only('s.txt', [at(0, '3.2.0')])), [one]);
    assert.equal(new Set(hashes(only('r.txt', [at(0, '3.2.0'), at(1, '3.2.0')]))).size, 2);
  });

  it('suppresses what is ignored, with the reason, and says of all others that they are not', () => {
    assert.deepEqual(
      runOf(fullReport()).results.map(({ suppressions }) => suppressions),
      [[], [], [], [{ kind: 'external', status: 'accepted', justification: 'not reached (until 2027-01-31)' }]],
    );
  });

  it('warns of a malicious package even where it is ignored', () => {
    const evil = finding({ id: 'MAL-1', severity: 'malicious', ignored: { reason: 'ours', until: null } });
    const { results, tool } = runOf(only('r.txt', [{ ...pinned('evil', '1'), outcome: assessed([evil]) }]));
    assert.equal(results[0]?.level, 'warning');
    assert.equal(tool.driver.rules[0]?.defaultConfiguration.level, 'error');
  });

  it('says what could not be checked, and is then not successful', () => {
    const { invocations, tool } = runOf(fullReport());
    const [invocation] = invocations;
    assert.equal(invocation?.executionSuccessful, false);
    assert.equal(invocation.endTimeUtc, context.time);
    assert.deepEqual(
      invocation.toolExecutionNotifications.map(({ descriptor, level, locations }) => [
        tool.driver.notifications[descriptor.index]?.id,
        level,
        locations?.length ?? 0,
      ]),
      [
        ['failed', 'error', 1],
        ['skipped', 'note', 1],
        ['unread', 'error', 1],
        ['unread', 'error', 0],
        ['incomplete', 'error', 0],
      ],
    );
    assert.match(invocation.toolExecutionNotifications[0]?.message.text ?? '', /six could not be checked \(timeout/u);
    assert.deepEqual(
      invocation.toolConfigurationNotifications.map(({ descriptor, level }) => [descriptor.id, level]),
      [['ignore', 'warning']],
    );
  });

  it('is successful where all was checked; one failure alone is enough that it is not', () => {
    assert.equal(runOf(cleanReport()).invocations[0]?.executionSuccessful, true);
    const report = only('r.txt', [{ ...pinned('six', '1.0'), outcome: failed() }]);
    assert.equal(runOf(report).invocations[0]?.executionSuccessful, false);
    assert.equal(runOf({ ...cleanReport(), unread: ['x'] }).invocations[0]?.executionSuccessful, false);
  });

  it('lets foreign text make no link, no argument and no markup', () => {
    const hostile = finding({ summary: 'see [here](https://evil.example) {0} <img src=x> @you\u202e' });
    const { results, tool } = runOf(only('r.txt', [{ ...pinned('a', '1'), outcome: assessed([hostile]) }]));
    const { text } = results[0]?.message ?? { text: '' };
    assert.ok(text.includes('see \\[here\\](https://evil.example) {{0}} <img src=x> @you'));
    const help = tool.driver.rules[0]?.help.markdown ?? '';
    assert.ok(!help.includes('[here](') && !help.includes('<img') && !help.includes('\u202e'));
  });

  it('is the same text for the same scan', () => {
    assert.equal(sarifReport(fullReport(), context), sarifReport(fullReport(), context));
  });

  describe('with more than code scanning takes', () => {
    const severities = ['low', 'critical', 'medium', 'high', 'none', 'malicious', 'unknown'] as const;
    const long = (): ScanReport => ({
      ...cleanReport(),
      files: ['a.txt', 'b.txt'].map((path) => ({
        path,
        requirements: [
          {
            ...pinned('demo', '1.0'),
            outcome: assessed([
              ...severities.map((severity, index) => finding({ id: `CVE-${index}`, severity, score: null })),
              finding({ id: 'CVE-8', severity: 'high', score: 8.9 }),
              finding({ id: 'CVE-9', severity: 'critical', ignored: { reason: '', until: null } }),
            ]),
          },
          { ...pinned('other', '1.0', 1), outcome: failed() },
          { ...pinned('third', '1.0', 2), outcome: failed() },
        ],
        problems: [],
      })),
    });
    const limited = (limits: Partial<SarifLimits>): Run => {
      const text = sarifReport(long(), context, { ...sarifLimits, ...limits });
      return (JSON.parse(text) as { readonly runs: readonly Run[] }).runs[0] ?? assert.fail('no run');
    };
    const limitTexts = ({ invocations }: Run): readonly string[] =>
      (invocations[0]?.toolExecutionNotifications ?? []).flatMap(({ descriptor, message, level }) =>
        descriptor.id === 'limit' ? [`${level}: ${message.text}`] : [],
      );

    it('keeps the worst, worst first, and says what is left out', () => {
      const run = limited({ results: 7 });
      assert.deepEqual(
        run.results.map(({ ruleId }) => ruleId),
        ['CVE-5', 'CVE-5', 'CVE-1', 'CVE-1', 'CVE-8', 'CVE-8', 'CVE-3'],
      );
      assert.deepEqual(limitTexts(run), [
        'warning: The SARIF report has 7 of 18 results, the most severe ones: code scanning refuses more. The 11 least severe are left out; the JSON report has all.',
      ]);
      assert.deepEqual(
        run.results.map(({ ruleIndex }) => run.tool.driver.rules[ruleIndex]?.id),
        run.results.map(({ ruleId }) => ruleId),
      );
      assert.equal(run.tool.driver.rules.length, 4, 'rules of results that are there');
      assert.match(leftOutOfSarif(long(), { ...sarifLimits, results: 7 }) ?? '', /7 of 18/u);
    });

    it('still counts everything in its summary', () => {
      const { properties } = limited({ results: 1 }) as unknown as { properties: { summary: object } };
      assert.deepEqual(properties.summary, summarize(long().files));
    });

    it('gives a result the same fingerprint whatever is left out', () => {
      const prints = ({ results }: Run): ReadonlyMap<string, string | undefined> =>
        new Map(
          results.map(({ partialFingerprints, locations, ruleId }) => [
            ruleId + JSON.stringify(locations),
            partialFingerprints['pinwatchFinding/v1'],
          ]),
        );
      const whole = prints(limited({}));
      prints(limited({ results: 7 })).forEach((print, key) => assert.equal(print, whole.get(key)));
    });

    it('has the worst first and says nothing while it fits', () => {
      const run = limited({});
      assert.deepEqual(
        run.results.slice(0, 3).map(({ ruleId }) => ruleId),
        ['CVE-5', 'CVE-5', 'CVE-1'],
      );
      assert.deepEqual(limitTexts(run), []);
      assert.equal(leftOutOfSarif(long()), undefined);
    });

    it('bounds the lines that could not be checked, too, and says how many more there are', () => {
      const run = limited({ notifications: 3 });
      assert.deepEqual(limitTexts(run), [
        'warning: 1 more lines were not assessed or not read; the JSON report has all.',
      ]);
      // Three lines, how many more there are, and that the scan is incomplete.
      assert.equal(run.invocations[0]?.toolExecutionNotifications.length, 5);
      assert.equal(run.invocations[0]?.executionSuccessful, false);
    });

    it("stays within GitHub's limits", () => {
      assert.ok(sarifLimits.results <= 25_000 && sarifLimits.bytes <= 10_000_000);
    });
  });
});
