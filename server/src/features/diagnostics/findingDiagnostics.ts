import type { Range } from '../../core/text/position.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { Diagnostic, DiagnosticRelatedInformation } from 'vscode-languageserver-types';
import { diagnosticCodes, diagnosticSource } from '../../../../protocol/ids.ts';
import type { DiagnosticLevel } from '../../../../protocol/diagnosticLevels.ts';
import type { BesideLimit } from '../../../../protocol/messages/initializationOptions.ts';
import type { Settings } from '../../../../protocol/settings.ts';
import type { Finding } from '../../core/assessment/finding.ts';
import type { Assessed, Verdict } from '../../core/assessment/outcome.ts';
import {
  differingFixesText,
  findingText,
  mostOfARange,
  moreFindingsText,
} from '../../core/report/words/findingText.ts';
import { advisoryText, requirementText } from '../../core/report/words/requirementText.ts';
import { reaches } from '../../core/advisories/severityOrder.ts';
import { dataAgeText } from '../../core/report/words/dataAge.ts';
import { lineFix } from '../actions/lineFix.ts';
import type { DeclaredAt } from '../../project/workspace/fileSnapshot.ts';
import { lspSeverity } from './lspSeverity.ts';

/** What a diagnostic carries, so that an edit can be made from it alone. */
export interface DiagnosticData {
  /** Display ids of the findings that it is about, worst first. */
  readonly ids: readonly string[];
  /** The OSV records that these were joined from. */
  readonly records: readonly string[];
  /** PEP 503 normal form. */
  readonly package: string;
  /** Empty for a range. */
  readonly version: string;
  /** The nearest version without known advisories of the package; `null` where none is known, and for what is malicious. */
  readonly fix: string | null;
}

export interface FindingOptions extends Pick<
  Settings,
  'minimumSeverity' | 'diagnosticSeverity' | 'diagnosticRanges' | 'diagnosticGrouping'
> {
  /** Of the file. */
  readonly uri: string;
  /** How much is shown of the other advisories beside the worst one; absent for all of it. */
  readonly beside?: BesideLimit | undefined;
  /** The lines that bring this file in, shown beside each finding. */
  readonly includedAt?: readonly { readonly uri: string; readonly range: Range }[];
  /** Where the packages of a lock are declared, by their names. */
  readonly declaredAt?: DeclaredAt;
}

/** The findings of one requirement at its version: one diagnostic for all of them, or one for each. `note` follows its text. */
export function findingDiagnostics(
  requirement: PlacedRequirement,
  version: string | null,
  outcome: Assessed,
  note: string,
  options: FindingOptions,
): readonly Diagnostic[] {
  const findings = worthSaying(outcome, options);
  const about: About = { requirement, version, outcome, note: basisText(outcome) + note, options };
  return options.diagnosticGrouping === 'requirement' ? forAll(findings, about) : forEach(findings, about);
}

interface About {
  readonly requirement: PlacedRequirement;
  readonly version: string | null;
  readonly outcome: Assessed;
  readonly note: string;
  readonly options: FindingOptions;
}

/** What is malicious is reported for a range too, whatever the settings, and where it is ignored. */
function worthSaying({ findings, verdict }: Assessed, options: FindingOptions): readonly Finding[] {
  const isDrawn = verdict !== 'possiblyVulnerable' || options.diagnosticRanges;
  return findings.filter(
    ({ severity, ignored }) =>
      (isDrawn && ignored === undefined && reaches(severity, options.minimumSeverity)) || severity === 'malicious',
  );
}

function basisText({ local }: Assessed): string {
  return local === undefined
    ? ''
    : ` (From the local advisory database, whose data are ${dataAgeText(local.dataAgeSeconds)}.)`;
}

/** The worst one decides how loud it is and which page it links to; the others are beside it. */
function forAll([worst, ...others]: readonly Finding[], about: About): readonly Diagnostic[] {
  if (worst === undefined) {
    return [];
  }
  const { requirement, version, outcome, note, options } = about;
  const { tokenRange: range } = requirement;
  const texts = [
    ...differing(worst),
    ...others.flatMap((finding) => [() => advisoryText(version, finding), ...differing(finding)]),
  ];
  const beside = shownBeside(texts, options.beside).map((message) => ({
    location: { uri: options.uri, range },
    message,
  }));
  return [
    {
      ...worstOf(worst, outcome.verdict, about),
      ...related([...beside, ...otherPlaces(about)]),
      message: requirementText(requirement, version, outcome, [worst, ...others]) + note,
      data: dataOf([worst, ...others], about),
    },
  ];
}

function forEach(findings: readonly Finding[], about: About): readonly Diagnostic[] {
  const { requirement, version, outcome, note, options } = about;
  const most = outcome.verdict === 'possiblyVulnerable' ? mostOfARange : findings.length;
  const rest = findings.length - most;
  const places = otherPlaces(about);
  return [
    ...findings.slice(0, most).map((finding) => ({
      ...worstOf(finding, outcome.verdict, about),
      ...related([
        ...differing(finding).map((message) => ({
          location: { uri: options.uri, range: requirement.tokenRange },
          message: message(),
        })),
        ...places,
      ]),
      message: findingText(requirement, version, finding) + note,
      data: dataOf([finding], about),
    })),
    ...(rest > 0 ? [moreDiagnostic(requirement, rest, options)] : []),
  ];
}

function worstOf(
  finding: Finding,
  verdict: Verdict,
  { requirement, options }: About,
): Pick<Diagnostic, 'range' | 'severity' | 'source' | 'code' | 'codeDescription'> {
  return {
    range: requirement.tokenRange,
    severity: lspSeverity(levelOf(finding, verdict, options)),
    source: diagnosticSource,
    code: finding.id,
    codeDescription: { href: finding.url },
  };
}

function dataOf(findings: readonly Finding[], { requirement, version, outcome }: About): DiagnosticData {
  return {
    ids: findings.map(({ id }) => id),
    records: [...new Set(findings.flatMap(({ records }) => records))],
    package: requirement.normalizedName,
    version: version ?? '',
    fix: lineFix(outcome) ?? null,
  };
}

/** What its records say of the fix where they differ: at the line itself, as no other place could be shown. */
function differing(finding: Finding): readonly (() => string)[] {
  const text = differingFixesText(finding);
  return text === '' ? [] : [() => text];
}

/** The first of these, and how many more there are where that saves a line. What is not shown is not put into words. */
function shownBeside(texts: readonly (() => string)[], limit: BesideLimit | undefined): readonly string[] {
  if (limit === undefined || texts.length <= limit.most + 1) {
    return texts.map((text) => text());
  }
  const more = limit.more.replace('{0}', String(texts.length - limit.most));
  return [...texts.slice(0, limit.most).map((text) => text()), more];
}

/** The pin in another file, and the lines that include this one. */
function otherPlaces({ requirement, options }: About): readonly DiagnosticRelatedInformation[] {
  const pin = requirement.decidedBy?.place;
  return [
    ...(pin === undefined ? [] : [{ location: pin, message: 'Its version is pinned here.' }]),
    ...declaredPlaces(requirement, options.declaredAt),
    ...(options.includedAt ?? []).map((location) => ({ location, message: 'This file is included here.' })),
  ];
}

function declaredPlaces(
  { normalizedName }: PlacedRequirement,
  declaredAt: DeclaredAt = {},
): readonly DiagnosticRelatedInformation[] {
  const places = Object.hasOwn(declaredAt, normalizedName) ? (declaredAt[normalizedName] ?? []) : [];
  return places.map(({ location, direct }) => ({
    location,
    message: direct === undefined ? 'It is declared here.' : `${direct}, which it comes with, is declared here.`,
  }));
}

function related(relatedInformation: DiagnosticRelatedInformation[]): Pick<Diagnostic, 'relatedInformation'> {
  return relatedInformation.length === 0 ? {} : { relatedInformation };
}

function moreDiagnostic(requirement: PlacedRequirement, rest: number, options: FindingOptions): Diagnostic {
  return {
    range: requirement.tokenRange,
    severity: lspSeverity(options.diagnosticSeverity.possiblyVulnerable),
    source: diagnosticSource,
    code: diagnosticCodes.moreFindings,
    message: moreFindingsText(requirement, rest),
  };
}

/** Malicious releases are said as loud in a range: nobody wants to get one by chance. */
function levelOf(
  { severity, ignored }: Finding,
  verdict: Verdict,
  { diagnosticSeverity }: FindingOptions,
): DiagnosticLevel {
  if (ignored !== undefined) {
    return 'warning';
  }
  return verdict === 'possiblyVulnerable' && severity !== 'malicious'
    ? diagnosticSeverity.possiblyVulnerable
    : diagnosticSeverity[severity];
}
