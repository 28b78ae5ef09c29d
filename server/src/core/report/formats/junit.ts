import type { AssessedRequirement } from '../../assessment/requirement.ts';
import { findingText, releaseText } from '../findingText.ts';
import { policyLevel } from '../levels.ts';
import { missingText } from '../reportedFindings.ts';
import { outcomeReason } from '../outcomeReason.ts';
import { plainText } from '../../text/plainText.ts';
import type { ReportContext } from '../reportContext.ts';
import { reportHeadline } from '../reportCoverage.ts';
import { skippedPathsText } from '../skippedPaths.ts';
import { isOpen, isRemark, type ScanReport } from '../scanReport.ts';

/**
 * JUnit XML: a suite for each file, a test case for each requirement. A finding is a failure, what could not be checked an
 * error, what was skipped is skipped; what the scan as a whole cannot vouch for is an error of a suite of its own.
 */
export function* junitPieces(report: ScanReport, { tool, time }: ReportContext): Generator<string> {
  const { kind, text, isComplete } = reportHeadline(report);
  const suites = report.files.map(({ path, requirements, problems }) => ({
    name: path === '-' ? 'standard input' : path,
    cases: [
      ...requirements.flatMap((one) => caseOf(path, one)),
      ...problems
        .filter((one) => !isRemark(one))
        .map(({ range, message, code }) => errorCase(`line ${range.start.line + 1}`, path, message, code)),
    ],
  }));
  const whole = [
    ...missingText(report).map((message) => errorCase('scan', tool.name, message, 'unread')),
    ...(kind === 'empty'
      ? [testCase('skipped', 'scan', tool.name, `      <skipped message="${attribute(text)}"/>\n`)]
      : []),
    ...(isComplete ? [] : [errorCase('complete', tool.name, text, 'incomplete')]),
  ];
  const skippedPaths = skippedPathsText(report);
  const properties = [
    ['headline', text],
    ...(skippedPaths === undefined ? [] : [['skippedPaths', skippedPaths]]),
    ...(report.ignoreFiles ?? []).flatMap(({ path, problems }) =>
      problems.map(({ range, message }) => ['ignores', `${path}:${range.start.line + 1}: ${message}`]),
    ),
  ] as const;
  const all = [...suites, ...(whole.length === 0 ? [] : [{ name: tool.name, cases: whole }])].filter(
    ({ cases }) => cases.length > 0,
  );
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="${attribute(tool.name)}"${counts(all.flatMap(({ cases }) => cases))}>\n`;
  for (const { name, cases } of all) {
    yield `  <testsuite name="${attribute(name)}"${counts(cases)} timestamp="${attribute(time.replace(/\.\d+Z$|Z$/u, ''))}">\n`;
    yield '    <properties>\n';
    for (const [key, value] of properties) {
      yield `      <property name="${key}" value="${attribute(value)}"/>\n`;
    }
    yield '    </properties>\n';
    for (const one of cases) {
      yield one.xml;
    }
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

interface TestCase {
  readonly kind: 'passed' | 'failed' | 'error' | 'skipped';
  readonly xml: string;
}

function caseOf(path: string, requirement: AssessedRequirement): readonly TestCase[] {
  const { outcome, version, range, policy = [] } = requirement;
  const name = `${releaseText(requirement, version)} (line ${range.start.line + 1})`;
  const bad = policy.filter((one) => policyLevel(one) !== 'note').map(({ code, message }) => ({ type: code, message }));
  if (outcome.kind === 'failed') {
    return outcome.reason === 'invalid' ? [] : [errorCase(name, path, outcomeReason(outcome) ?? '', outcome.reason)];
  }
  const findings =
    outcome.kind === 'assessed'
      ? outcome.findings
          .filter(isOpen)
          .map((finding) => ({ type: finding.severity, message: findingText(requirement, version, finding) }))
      : [];
  const failures = [...findings, ...bad];
  const quiet = [
    ...(outcome.kind === 'assessed'
      ? outcome.findings.filter((one) => !isOpen(one)).map((finding) => findingText(requirement, version, finding))
      : []),
    ...policy.filter((one) => policyLevel(one) === 'note').map(({ message }) => message),
  ];
  if (failures.length === 0 && outcome.kind === 'skipped') {
    return [testCase('skipped', name, path, `      <skipped message="${attribute(outcomeReason(outcome) ?? '')}"/>\n`)];
  }
  const [first] = failures;
  const output = quiet.length === 0 ? '' : `      <system-out>${content(quiet.join('\n'))}</system-out>\n`;
  return first === undefined
    ? [testCase('passed', name, path, output)]
    : [
        testCase(
          'failed',
          name,
          path,
          // One for each case: many readers show the first one only.
          `      <failure type="${attribute(first.type)}" message="${attribute(first.message)}">${content(failures.map(({ message }) => message).join('\n'))}</failure>\n${output}`,
        ),
      ];
}

function errorCase(name: string, className: string, message: string, type: string): TestCase {
  return testCase(
    'error',
    name,
    className,
    `      <error type="${attribute(type)}" message="${attribute(message)}"/>\n`,
  );
}

function testCase(kind: TestCase['kind'], name: string, className: string, inside: string): TestCase {
  const head = `    <testcase name="${attribute(name)}" classname="${attribute(className)}" time="0"`;
  return { kind, xml: inside === '' ? `${head}/>\n` : `${head}>\n${inside}    </testcase>\n` };
}

function counts(cases: readonly TestCase[]): string {
  const count = (kind: TestCase['kind']): number => cases.filter((one) => one.kind === kind).length;
  return ` tests="${cases.length}" failures="${count('failed')}" errors="${count('error')}" skipped="${count('skipped')}" time="0"`;
}

function attribute(text: string): string {
  return content(plainText(text, 2000)).replaceAll('"', '&quot;');
}

/** Without the characters that XML 1.0 has no way to write. */
function content(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>]/gu, (character) => (character === '&' ? '&amp;' : character === '<' ? '&lt;' : '&gt;'));
}
