import type { RaiseAdvice } from '../../assessment/advice/raise.ts';
import type { AssessedRequirement } from '../../assessment/requirement.ts';
import type { Finding, VexStatement } from '../../assessment/finding.ts';
import { ignoredText, remedyFor } from '../words/findingText.ts';
import { fingerprint } from '../fingerprint.ts';
import { jsonText } from './jsonText.ts';
import { plainText } from '../../text/plainText.ts';
import { percentEncode, pypiPurl } from '../../packages/purl.ts';
import { missingNotes } from '../reportedFindings.ts';
import type { ReportContext } from '../reportContext.ts';
import { reportHeadline } from '../reportCoverage.ts';
import type { ScanReport } from '../scanReport.ts';
import { skippedPathsText } from '../skippedPaths.ts';

/**
 * OpenVEX 0.2.0: one statement for each vulnerability and status. There are none about what is clean: Pinwatch knows of
 * no vulnerability, which is not the same as "not affected". That, and "fixed", it only says where a VEX document that it
 * was given says it. What could not be checked has no place in a statement; what was known about it before is under
 * investigation. `tooling` says that the document is incomplete, and names what could not be read.
 */
export function openvexReport(report: ScanReport, { tool, time }: ReportContext): string {
  const statements = statementsOf(report);
  const skippedPaths = skippedPathsText(report);
  const document = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `https://openvex.dev/docs/public/vex-${fingerprint(time, JSON.stringify(statements))}`,
    author: 'Pinwatch',
    role: 'Scanner',
    timestamp: time,
    version: 1,
    tooling: [
      `${tool.name} ${tool.version}`,
      reportHeadline(report).text,
      ...missingNotes(report)
        .slice(0, mostMissing)

        .map(({ message }) => plainText(message).replace(/\.$/u, '')),
      ...(skippedPaths === undefined ? [] : [skippedPaths]),
    ].join('; '),
    statements,
  };
  return `${jsonText(document, 2)}\n`;
}

// One text has them all.
const mostMissing = 20;

interface Said {
  readonly finding: Finding;
  readonly status: Status;
  readonly products: Map<string, object>;
  readonly note: string | undefined;
  readonly raise: RaiseAdvice | undefined;
}

type Status = 'affected' | 'under_investigation' | VexStatement['status'];

/** Of several lines with one product, however they spell it, the loudest counts: no document says two things of it. */
const loudness: Readonly<Record<Status, number>> = { affected: 3, under_investigation: 2, not_affected: 1, fixed: 0 };

interface Told {
  readonly product: { readonly '@id': string };
  readonly finding: Finding;
  readonly status: Status;
  readonly note: string | undefined;
  readonly raise: RaiseAdvice | undefined;
}

function statementsOf({ files }: ScanReport): readonly object[] {
  const chosen = new Map<string, Told>();
  for (const one of files.flatMap(({ path, requirements }) => requirements.flatMap((each) => toldOf(path, each)))) {
    const before = chosen.get(keyOf(one));
    if (before === undefined || isLouder(one, before)) chosen.set(keyOf(one), one);
  }
  const said = new Map<string, Said>();
  for (const { product, finding, status, note, raise } of chosen.values()) {
    const key = JSON.stringify([finding.id, status, note ?? null, reasonFor(status, finding, raise)]);
    const group = said.get(key) ?? { finding, status, products: new Map<string, object>(), note, raise };
    group.products.set(product['@id'], product);
    said.set(key, group);
  }
  return [...said.values()].map(statement);
}

/** What counts is not hidden by what is ignored elsewhere. */
function isLouder(one: Told, other: Told): boolean {
  const [own, before] = [loudness[one.status], loudness[other.status]];
  const isIgnored = ({ finding }: Told): boolean => finding.ignored !== undefined;
  return own > before || (own === before && isIgnored(other) && !isIgnored(one));
}

function keyOf({ product, finding }: Told): string {
  return `${finding.id} ${product['@id']}`;
}

function toldOf(path: string, requirement: AssessedRequirement): readonly Told[] {
  const { outcome, raise } = requirement;
  const known = outcome.kind === 'failed' ? outcome.lastKnown : outcome.kind === 'assessed' ? outcome : undefined;
  const status = outcome.kind === 'assessed' && outcome.verdict === 'vulnerable' ? 'affected' : 'under_investigation';
  const note = outcome.kind === 'failed' ? 'Known from an earlier look-up; the last one failed.' : rangeNote(status);
  const product = productOf(path, requirement);
  return (known?.findings ?? []).map((finding) => {
    const vex = finding.ignored?.vex;
    return vex === undefined
      ? { product, finding, status, note, raise }
      : { product, finding, status: vex.status, note: undefined, raise };
  });
}

/** A release is its package URL. A range has an id of its own for each line: a URL without version means every version. */
function productOf(
  path: string,
  { normalizedName, version, specifier, range }: AssessedRequirement,
): { readonly '@id': string; readonly identifiers?: object } {
  if (version !== null) {
    const purl = pypiPurl(normalizedName, version);
    return { '@id': purl, identifiers: { purl } };
  }
  const parts = [path, String(range.start.line + 1), normalizedName, specifier].map(percentEncode);
  return { '@id': `urn:pinwatch:requirement:${parts.join(':')}` };
}

function rangeNote(status: Status): string | undefined {
  return status === 'affected' ? undefined : 'The requirement allows vulnerable releases and others.';
}

function statement({ finding, status, products, note, raise }: Said): object {
  return {
    vulnerability: {
      '@id': finding.url,
      name: finding.id,
      ...(finding.summary === '' ? {} : { description: plainText(finding.summary) }),
      ...(finding.aliases.length === 0 ? {} : { aliases: finding.aliases }),
    },
    products: [...products.values()],
    status,
    ...(note === undefined ? {} : { status_notes: note }),
    ...reasonFor(status, finding, raise),
  };
}

function reasonFor(status: Status, finding: Finding, raise: RaiseAdvice | undefined): object {
  switch (status) {
    case 'affected':
      return { action_statement: remedyFor(raise === undefined ? {} : { raise }, finding) + ignoredText(finding) };
    case 'not_affected': {
      const { justification, impact } = finding.ignored?.vex ?? {};
      return {
        ...(justification === undefined ? {} : { justification }),
        // One of the two has to be there.
        ...(justification === undefined || impact !== undefined
          ? { impact_statement: impact ?? (finding.ignored?.reason || 'not affected') }
          : {}),
      };
    }
    case 'under_investigation':
    case 'fixed':
      return {};
  }
}
