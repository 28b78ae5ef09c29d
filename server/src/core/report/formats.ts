import { cyclonedxPieces } from './formats/cyclonedx/cyclonedx.ts';
import { githubReport } from './formats/github.ts';
import { conciseReport } from './formats/concise.ts';
import { junitPieces } from './formats/junit.ts';
import { jsonReportPieces } from './formats/json.ts';
import { markdownReport } from './formats/markdown.ts';
import { openvexReport } from './formats/openvex.ts';
import type { ReportContext } from './reportContext.ts';
import { leftOutOfSarif } from './formats/sarif/limits.ts';
import { sarifPieces } from './formats/sarif/sarif.ts';
import type { ScanReport } from './scanReport.ts';
import { textReport } from './formats/text.ts';

/** One format of the report: what command line, help, docs, editors and tests know of it follows from this. */
export interface ReportFormat {
  /** As editors name it. */
  readonly name: string;
  /** One line of the help. */
  readonly description: string;
  /**
   * `text` and `json` say the headline of the scan, and with it whether it is complete. `annotations` go to the log of a
   * runner: they say what was found and what could not be checked, nothing else, and an editor has no use for them.
   */
  readonly kind: 'text' | 'json' | 'annotations';
  /** Endings of file names, without the first dot, by which an editor chooses the format; the first one is offered. */
  readonly endings: readonly string[];
  /** The report, with a line end at its end. `report` holds no secret any more. */
  readonly pieces: (report: ScanReport, context: ReportContext) => Iterable<string>;
  /** On a terminal it says by itself what is wrong with ignore files and included files. */
  readonly saysProblems?: true;
  /** Its readers know files by their place in the repository, whatever was typed. */
  readonly namesRepositoryPaths?: true;
  /** What the format has no room for, in words for people; `undefined` where it has all. */
  readonly leftOut?: (report: ScanReport) => string | undefined;
}

export const reportFormats = {
  text: {
    name: 'Text',
    description: 'for people',
    kind: 'text',
    endings: [],
    pieces: (report, { paint }) => [textReport(report, paint)],
    saysProblems: true,
  },
  concise: {
    name: 'Concise',
    description: 'one line for each finding',
    kind: 'text',
    endings: [],
    pieces: (report, { paint }) => [conciseReport(report, paint)],
    saysProblems: true,
  },
  json: {
    name: 'JSON',
    description: 'everything, version 1',
    kind: 'json',
    endings: ['json'],
    pieces: jsonPieces,
  },
  sarif: {
    name: 'SARIF',
    description: 'SARIF 2.1.0, for code scanning',
    kind: 'json',
    endings: ['sarif', 'sarif.json'],
    pieces: sarifPieces,
    leftOut: leftOutOfSarif,
    namesRepositoryPaths: true,
  },
  cyclonedx: {
    name: 'CycloneDX',
    description: 'CycloneDX 1.6 with vulnerabilities (JSON)',
    kind: 'json',
    endings: ['cdx.json'],
    pieces: cyclonedxPieces,
  },
  openvex: {
    name: 'OpenVEX',
    description: 'OpenVEX 0.2.0',
    kind: 'json',
    endings: ['openvex.json'],
    pieces: (report, context) => [openvexReport(report, context)],
  },
  markdown: {
    name: 'Markdown',
    description: 'a summary for a pull request',
    kind: 'text',
    endings: ['md', 'markdown'],
    pieces: (report) => [markdownReport(report)],
  },
  github: {
    name: 'GitHub Actions',
    description: 'annotations of GitHub Actions',
    kind: 'annotations',
    endings: [],
    pieces: (report) => [githubReport(report)],
    namesRepositoryPaths: true,
  },
  junit: {
    name: 'JUnit',
    description: 'JUnit XML, a test case for each requirement',
    kind: 'text',
    endings: ['junit.xml'],
    pieces: junitPieces,
  },
} as const satisfies Readonly<Record<string, ReportFormat>>;

export type ReportFormatId = keyof typeof reportFormats;

export const reportFormatIds = Object.keys(reportFormats) as readonly ReportFormatId[];

/** Those that an editor can ask for. */
export const editorFormatIds = reportFormatIds.filter((id) => reportFormat(id).kind !== 'annotations');

export function reportFormat(id: ReportFormatId): ReportFormat {
  return reportFormats[id];
}

function* jsonPieces(report: ScanReport, context: ReportContext): Generator<string> {
  yield* jsonReportPieces(report, context);
  yield '\n';
}
