import type { AssessedRequirement } from '../../assessment/requirement.ts';
import type { Finding } from '../../assessment/finding.ts';
import { ignoredText, remedyText } from '../findingText.ts';
import { ageInDays } from '../freshness.ts';
import { JsonList, JsonObject, jsonPieces } from './jsonPieces.ts';
import { outcomeReason } from '../outcomeReason.ts';
import { plainText } from '../../text/plainText.ts';
import { pypiPurl, versRange } from '../../packages/purl.ts';
import type { ReportContext } from '../reportContext.ts';
import { missingText, type ReportedFinding, reportedFindings } from '../reportedFindings.ts';
import { fingerprint } from '../fingerprint.ts';
import { isPin } from '../../assessment/lookup.ts';
import { isIgnoredText } from '../../manifests/problemCodes.ts';
import { reportHeadline } from '../reportCoverage.ts';
import { type ScanReport, summarize } from '../scanReport.ts';
import { skippedPathText } from '../skippedPaths.ts';

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
        ...missingText(report).map((message) => property('unread', plainText(message))),
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

/** Who requires whom, as far as locks, compiled files and environments say. */
function dependenciesJson(components: readonly Component[]): object {
  const refs = new Map<string, string[]>();
  for (const { ref, requirements } of components) {
    const name = requirements[0]?.requirement.normalizedName ?? '';
    refs.set(name, [...(refs.get(name) ?? []), ref]);
  }
  const children = new Map<string, Set<string>>();
  for (const { ref, requirements } of components) {
    const parents = requirements.flatMap(({ requirement }) => requirement.requiredBy?.parents ?? []);
    for (const parent of parents.flatMap((name) => refs.get(name) ?? [])) {
      if (parent !== ref) children.set(parent, (children.get(parent) ?? new Set()).add(ref));
    }
  }
  return children.size === 0
    ? {}
    : { dependencies: [...children].map(([ref, own]) => ({ ref, dependsOn: [...own].sort() })) };
}

interface PlacedAt {
  readonly path: string;
  readonly requirement: AssessedRequirement;
}

/** One release, however many lines ask for it. */
interface Component {
  readonly ref: string;
  readonly requirements: readonly PlacedAt[];
}

function componentsOf({ files }: ScanReport): readonly Component[] {
  const byRef = new Map<string, PlacedAt[]>();
  for (const { path, requirements } of files) {
    for (const requirement of requirements) {
      const ref = refOf({ path, requirement });
      const placed = byRef.get(ref) ?? [];
      placed.push({ path, requirement });
      byRef.set(ref, placed);
    }
  }
  return [...byRef].map(([ref, requirements]) => ({ ref, requirements }));
}

/** The package URL; a line without a name is known by its place. */
function refOf({ path, requirement }: PlacedAt): string {
  const { normalizedName, version, range } = requirement;
  return normalizedName === '' ? `${plainText(path, 500)}#${range.start.line + 1}` : pypiPurl(normalizedName, version);
}

function componentJson({ ref, requirements }: Component): object {
  const [first] = requirements;
  const { name = '', normalizedName = '', version = null } = first?.requirement ?? {};
  const states = new Map(
    requirements.map(({ requirement: { outcome } }) => [
      `${outcome.kind}${outcomeReason(outcome) ?? outcome.kind}`,
      [
        property('outcome', outcome.kind),
        ...(outcome.kind === 'assessed'
          ? [property('verdict', outcome.verdict)]
          : [property('reason', plainText(outcomeReason(outcome) ?? ''))]),
      ],
    ]),
  );
  return {
    type: 'library',
    'bom-ref': ref,
    name: normalizedName === '' ? plainText(name, 200) || '(not readable)' : normalizedName,
    ...(version === null ? {} : { version }),
    ...(normalizedName === '' ? {} : { purl: pypiPurl(normalizedName, version) }),
    evidence: {
      occurrences: requirements.map(({ path, requirement }) => ({
        location: plainText(path, 1000),
        line: requirement.range.start.line + 1,
      })),
    },
    properties: [...states.values(), ...policiesOf(requirements)].flat(),
  };
}

/** What the user's rules say of it, each once. */
function policiesOf(requirements: readonly PlacedAt[]): readonly (readonly object[])[] {
  const all = requirements.flatMap(({ requirement: { policy = [] } }) => policy);
  const texts = new Set(all.map(({ code, level, message }) => plainText(`${level} ${code}: ${message}`, 500)));
  return [[...texts].map((text) => property('policy', text))];
}

/** One entry for each vulnerability and each decision about it. */
function* vulnerabilities(reported: readonly ReportedFinding[]): Generator<object> {
  const groups = new Map<string, ReportedFinding[]>();
  for (const one of reported) {
    const { finding, verdict } = one;
    const { id, ignored } = finding;
    // Twins of one id may differ by package in what fixes them.
    const key = JSON.stringify([id, verdict, ignored ?? null, finding.fixedVersions, finding.severity]);
    const group = groups.get(key) ?? [];
    group.push(one);
    groups.set(key, group);
  }
  const used = new Map<string, number>();
  for (const group of groups.values()) {
    const [first] = group;
    if (first !== undefined) {
      const nth = (used.get(first.finding.id) ?? 0) + 1;
      used.set(first.finding.id, nth);
      yield vulnerability(first, group, nth === 1 ? first.finding.id : `${first.finding.id}#${nth}`);
    }
  }
}

function* mapped<T>(values: Iterable<T>, map: (value: T) => object): Generator<object> {
  for (const value of values) {
    yield map(value);
  }
}

function vulnerability({ finding, verdict }: ReportedFinding, group: readonly ReportedFinding[], ref: string): object {
  const affected = new Map(
    group.map(({ path, requirement }) => [refOf({ path, requirement }), requirement.version] as const),
  );
  // The nearest fix depends on the version; what is fixed where does not.
  const isOne = group.every((one) => one.finding.nearestFix === finding.nearestFix);
  return {
    'bom-ref': ref,
    id: finding.id,
    source: { name: 'OSV', url: finding.url },
    ...(finding.aliases.length === 0
      ? {}
      : { references: finding.aliases.map((id) => ({ id, source: { name: 'OSV' } })) }),
    ratings: [rating(finding)],
    ...(finding.summary === '' ? {} : { description: plainText(finding.summary) }),
    recommendation: remedyText(isOne ? finding : { ...finding, nearestFix: undefined }),
    advisories: [{ url: finding.url }],
    analysis: analysis(finding),
    affects: [...affected].map(([component, version]) => ({
      ref: component,
      ...(version === null ? rangesOf(group, component) : { versions: [{ version, status: 'affected' }] }),
    })),
    properties: [property('verdict', verdict), property('severity', finding.severity)],
  };
}

/** What the requirement itself allows, as `vers` has it. */
function rangesOf(group: readonly ReportedFinding[], component: string): object {
  const specifiers = group
    .filter(({ path, requirement }) => refOf({ path, requirement }) === component)
    .flatMap(({ requirement: { subject } }) =>
      subject.kind === 'lookup' && !isPin(subject.lookup) ? [subject.lookup.text] : [],
    );
  const ranges = [...new Set(specifiers)].flatMap((text) => versRange(text) ?? []);
  return ranges.length === 0 ? {} : { versions: ranges.map((range) => ({ range, status: 'unknown' })) };
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

/** Nobody has looked whether a finding can be exploited, not even who ignores one: that is a decision to live with it. */
function analysis(finding: Finding): object {
  return finding.ignored === undefined
    ? { state: 'in_triage' }
    : { state: 'in_triage', response: ['will_not_fix'], detail: ignoredText(finding).trim() };
}

function rating({ severity, score, vector }: Finding): object {
  return {
    ...(score === null ? {} : { score }),
    // CycloneDX has no word for a malicious package.
    severity: severity === 'malicious' ? 'critical' : severity,
    method: vector === null ? 'other' : methodOf(vector),
    ...(vector === null ? {} : { vector: plainText(vector, 300) }),
  };
}

function methodOf(vector: string): string {
  if (vector.startsWith('CVSS:4.0/')) {
    return 'CVSSv4';
  }
  if (vector.startsWith('CVSS:3.1/')) {
    return 'CVSSv31';
  }
  return vector.startsWith('CVSS:3.0/') ? 'CVSSv3' : 'CVSSv2';
}

function property(name: string, value: string): { readonly name: string; readonly value: string } {
  return { name: `pinwatch:${name}`, value };
}
