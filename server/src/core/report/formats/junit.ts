import type { Finding } from '../../assessment/finding.ts';
import type { AssessedRequirement } from '../../assessment/requirement.ts';
import { findingText, releaseText } from '../words/findingText.ts';
import { policyLevel } from '../levels.ts';
import { missingNotes } from '../reportedFindings.ts';
import { outcomeReason } from '../words/outcomeReason.ts';
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
    ...missingNotes(report).map(({ kind: what, message }) => errorCase('scan', tool.name, message, what)),
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
  const said = policy.map((one) => ({
    isBad: policyLevel(one) !== 'note',
    type: one.code,
    message: plainText(one.message),
  }));
  const [bad, notes] = [said.filter(({ isBad }) => isBad), said.filter(({ isBad }) => !isBad)];
  if (outcome.kind === 'failed') {
    const reason = outcomeReason(outcome) ?? '';
    return outcome.reason === 'invalid'
      ? []
      : [errorCase(name, path, reason, outcome.reason, output(said.map(messageOf)))];
  }
  const all = outcome.kind === 'assessed' ? outcome.findings : [];
  const textOf = (finding: Finding): string => findingText(requirement, version, finding);
  const open = all.filter(isOpen).map((finding) => ({ type: finding.severity, message: textOf(finding) }));
  const quiet = [...all.filter((one) => !isOpen(one)).map(textOf), ...notes.map(messageOf)];
  const failures = [...open, ...bad];
  const [first] = failures;
  if (first === undefined) {
    const skipped =
      outcome.kind === 'skipped' ? `      <skipped message="${attribute(outcomeReason(outcome) ?? '')}"/>\n` : '';
    return [testCase(skipped === '' ? 'passed' : 'skipped', name, path, skipped + output(quiet))];
  }
  const reason = outcome.kind === 'skipped' ? [outcomeReason(outcome) ?? ''] : [];
  // One for each case: many readers show the first one only.
  const failure = `      <failure type="${attribute(first.type)}" message="${attribute(first.message)}">${content(failures.map(messageOf).join('\n'))}</failure>\n`;
  return [testCase('failed', name, path, failure + output([...reason, ...quiet]))];
}

function messageOf({ message }: { readonly message: string }): string {
  return message;
}

/** What is said beside the verdict. */
function output(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `      <system-out>${content(lines.join('\n'))}</system-out>\n`;
}

function errorCase(name: string, className: string, message: string, type: string, more = ''): TestCase {
  return testCase(
    'error',
    name,
    className,
    `      <error type="${attribute(type)}" message="${attribute(message)}"/>\n${more}`,
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
