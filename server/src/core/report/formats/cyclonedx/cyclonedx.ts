import { dependenciesJson } from './dependencies.ts';
import { isIgnoredText } from '../../../manifests/problemCodes.ts';
import { plainText } from '../../../text/plainText.ts';
import { fingerprint } from '../../fingerprint.ts';
import { ageInDays } from '../../freshness.ts';
import type { ReportContext } from '../../reportContext.ts';
import { reportHeadline } from '../../reportCoverage.ts';
import { missingNotes, reportedFindings } from '../../reportedFindings.ts';
import { type ScanReport, summarize } from '../../scanReport.ts';
import { skippedPathText } from '../../skippedPaths.ts';
import { JsonList, JsonObject, jsonPieces } from '../jsonPieces.ts';
import { type Component, componentJson, componentsOf } from './components.ts';
import { property } from './property.ts';
import { vulnerabilities } from './vulnerabilities.ts';

/**
 * CycloneDX 1.6: what the files require, and what is known about it (VEX). Components that were not assessed say why,
 * and their composition is called incomplete.
 */
export function cyclonedxReport(report: ScanReport, context: ReportContext): string {
  return [...cyclonedxPieces(report, context)].join('');
}

/** The same in pieces. */
export function* cyclonedxPieces(report: ScanReport, { tool, time }: ReportContext): Generator<string> {
  const components = componentsOf(report);
  const unchecked = components.filter(({ requirements }) =>
    requirements.some(({ requirement }) => requirement.outcome.kind !== 'assessed'),
  );
  const { text, isComplete } = reportHeadline(report);
  const { freshness, skippedPaths = [] } = report;
  const document = new JsonObject({
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumber(report, time),
    version: 1,
    metadata: {
      timestamp: time,
      component: { type: 'application', 'bom-ref': 'pinwatch:project', name: projectName(report) },
      tools: { components: [{ type: 'application', name: tool.name, version: tool.version }] },
      properties: [
        property('complete', String(isComplete)),
        property('headline', text),
        ...(freshness?.dataAgeSeconds === undefined
          ? []
          : [property('dataAgeDays', String(ageInDays(freshness.dataAgeSeconds)))]),
        ...Object.entries(summarize(report.files)).map(([name, count]) => property(`summary:${name}`, String(count))),
        ...missingNotes(report).map(({ kind, message }) => property(kind, plainText(message))),
        ...skippedPaths.map((one) => property('skippedPath', skippedPathText(one))),
        ...report.files.flatMap(({ path, problems }) =>
          problems.map(({ range, code, message }) =>
            property(
              isIgnoredText(code) ? 'ignored' : 'unread',
              plainText(`${path}:${range.start.line + 1}: ${message}`, 500),
            ),
          ),
        ),
      ],
    },
    components: new JsonList(mapped(components, componentJson)),
    ...dependenciesJson(components),
    ...compositionsJson(unchecked, isComplete),
    vulnerabilities: new JsonList(vulnerabilities(reportedFindings(report))),
  });
  yield* jsonPieces(document);
  yield '\n';
}

/** Which components were not assessed; without any, that the list as a whole has gaps. */
function compositionsJson(unchecked: readonly Component[], isComplete: boolean): object {
  if (unchecked.length === 0) {
    return isComplete ? {} : { compositions: [{ aggregate: 'incomplete' }] };
  }
  return { compositions: [{ aggregate: 'incomplete', assemblies: unchecked.map(({ ref }) => ref) }] };
}

function* mapped<T>(values: Iterable<T>, map: (value: T) => object): Generator<object> {
  for (const value of values) {
    yield map(value);
  }
}

/** A new document has a new number; the same scan the same one. */
function serialNumber({ files }: ScanReport, time: string): string {
  const digits = fingerprint(time, ...files.map(({ path }) => path)) + fingerprint(String(files.length), time);
  const [, a, b, c, d, e] = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/u.exec(digits) ?? [];
  return `urn:uuid:${a}-${b}-4${c}-8${d}-${e}`;
}

/** A document is about one thing; what lies in a folder goes by the name of the files. */
function projectName({ files }: ScanReport): string {
  const [first] = files;
  return files.length === 1 && first !== undefined && first.path !== '-'
    ? plainText(first.path, 300)
    : 'Python requirements';
}
