import { policyCodes } from '../../../assessment/policyFinding.ts';
import { plainText } from '../../../text/plainText.ts';
import { ageInDays } from '../../freshness.ts';
import type { ReportContext } from '../../reportContext.ts';
import { reportHeadline } from '../../reportCoverage.ts';
import { type ScanReport, summarize } from '../../scanReport.ts';
import { JsonList, JsonObject, jsonPieces } from '../jsonPieces.ts';
import { sarifLimits, shownResults } from './limits.ts';
import {
  executionNotifications,
  headlineNotifications,
  limitNotifications,
  notification,
  notificationKinds,
} from './notifications.ts';
import { artifactLocation, location, sourceRoot } from './places.ts';
import { results } from './results.ts';
import { informationUri, policyRule, rulesOf, sarifRule } from './rules.ts';

/**
 * SARIF 2.1.0: one rule for each vulnerability, one result for each requirement that has it. What could not be checked
 * is a notification, and the run is then not successful, so that no reader takes it for a clean one.
 *
 * Readers refuse more than `limits`: beyond them the least severe results are left out, and a notification says so.
 */
export function sarifReport(report: ScanReport, context: ReportContext, limits = sarifLimits): string {
  return [...sarifPieces(report, context, limits)].join('');
}

/** The same in pieces. */
export function* sarifPieces(
  report: ScanReport,
  { tool, time }: ReportContext,
  limits = sarifLimits,
): Generator<string> {
  const { shown, policies, total } = shownResults(report, limits);
  const rules = rulesOf(shown);
  const policyRules = Object.entries(policyCodes).filter(([code]) =>
    policies.some(({ finding }) => finding.code === code),
  );
  const ruleIndexes = indexes([...rules.map(({ finding }) => finding.id), ...policyRules.map(([code]) => code)]);
  const headline = reportHeadline(report);
  const dataAge = report.freshness?.dataAgeSeconds;
  const paths = indexes(report.files.map(({ path }) => path));
  const log = new JsonObject({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: new JsonList([
      new JsonObject({
        tool: {
          driver: {
            name: 'Pinwatch',
            fullName: `Pinwatch ${tool.version}`,
            informationUri,
            shortDescription: { text: 'Known vulnerabilities of Python requirements.' },
            version: tool.version,
            semanticVersion: tool.version,
            rules: [
              ...rules.map(({ finding, level }) => sarifRule(finding, level)),
              ...policyRules.map(([code, text]) => policyRule(code, text)),
            ],
            notifications: notificationKinds.map(([id, text, level]) => ({
              id,
              name: id,
              shortDescription: { text },
              fullDescription: { text },
              helpUri: informationUri,
              help: { text },
              defaultConfiguration: { level },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: headline.isComplete,
            endTimeUtc: time,
            toolExecutionNotifications: [
              ...limitNotifications(shown.length + policies.length, total),
              ...executionNotifications(report, paths, limits),
              ...headlineNotifications(headline),
            ],
            toolConfigurationNotifications: (report.ignoreFiles ?? []).flatMap(({ path, problems }) =>
              problems.map(({ code, message, range }) =>
                notification('ignore', 'warning', plainText(message), code, [location(path, range, paths)]),
              ),
            ),
          },
        ],
        artifacts: [...paths.keys()].map((path) => ({
          location: artifactLocation(path, paths),
          roles: ['analysisTarget'],
        })),
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [sourceRoot]: { description: { text: 'The folder that was scanned from.' } } },
        results: new JsonList(
          results(shown, policies, { rules: ruleIndexes, paths, hasBaseline: report.hasBaseline === true }),
        ),
        properties: {
          source: report.source,
          summary: summarize(report.files),
          headline: headline.text,
          ...(dataAge === undefined ? {} : { dataAgeDays: ageInDays(dataAge) }),
        },
      }),
    ]),
  });
  yield* jsonPieces(log);
  yield '\n';
}

/** Where each text stands in the list; of equal ones the first. */
function indexes(texts: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [index, text] of texts.entries()) {
    if (!places.has(text)) {
      places.set(text, index);
    }
  }
  return places;
}
