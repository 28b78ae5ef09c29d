import type { AssessedRequirement } from '../../assessment/requirement.ts';
import type { Finding } from '../../assessment/finding.ts';
import { ignoredText, remedyText } from '../findingText.ts';
import { fingerprint } from '../fingerprint.ts';
import { jsonText } from './jsonText.ts';
import { plainText } from '../../text/plainText.ts';
import { percentEncode, pypiPurl } from '../../packages/purl.ts';
import type { ReportContext } from '../reportContext.ts';
import { reportHeadline } from '../reportCoverage.ts';
import type { ScanReport } from '../scanReport.ts';
import { skippedPathsText } from '../skippedPaths.ts';

/**
 * OpenVEX 0.2.0: one statement for each vulnerability and status. There are none about what is clean: Pinwatch knows of
 * no vulnerability, which is not the same as "not affected". What could not be checked has no place in a statement; what
 * was known about it before is under investigation, and `tooling` says that the document is incomplete.
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
      ...(skippedPaths === undefined ? [] : [skippedPaths]),
    ].join('; '),
    statements,
  };
  return `${jsonText(document, 2)}\n`;
}

interface Said {
  readonly finding: Finding;
  readonly status: 'affected' | 'under_investigation';
  readonly products: Map<string, object>;
  readonly note: string | undefined;
}

function statementsOf({ files }: ScanReport): readonly object[] {
  const said = new Map<string, Said>();
  const affected = affectedPins(files);
  for (const { path, requirements } of files) {
    for (const requirement of requirements) {
      const { outcome } = requirement;
      const known = outcome.kind === 'failed' ? outcome.lastKnown : outcome.kind === 'assessed' ? outcome : undefined;
      const status =
        outcome.kind === 'assessed' && outcome.verdict === 'vulnerable' ? 'affected' : 'under_investigation';
      const note =
        outcome.kind === 'failed' ? 'Known from an earlier look-up; the last one failed.' : rangeNote(status);
      for (const finding of known?.findings ?? []) {
        const { id, ignored, fixedVersions, nearestFix, barred } = finding;
        const product = productOf(path, requirement);
        // One line may know what another could not ask about: no document says both.
        if (status !== 'affected' && affected.has(`${id} ${product['@id']}`)) {
          continue;
        }
        const key = JSON.stringify([
          id,
          status,
          note ?? null,
          ignored ?? null,
          fixedVersions,
          nearestFix,
          barred ?? null,
        ]);
        const one = said.get(key) ?? { finding, status, products: new Map<string, object>(), note };
        one.products.set(product['@id'], product);
        said.set(key, one);
      }
    }
  }
  return [...said.values()].map(statement);
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

function affectedPins(files: ScanReport['files']): ReadonlySet<string> {
  return new Set(
    files.flatMap(({ path, requirements }) =>
      requirements.flatMap((requirement) => {
        const { outcome } = requirement;
        return outcome.kind === 'assessed' && outcome.verdict === 'vulnerable'
          ? outcome.findings.map(({ id }) => `${id} ${productOf(path, requirement)['@id']}`)
          : [];
      }),
    ),
  );
}

function rangeNote(status: Said['status']): string | undefined {
  return status === 'affected' ? undefined : 'The requirement allows vulnerable releases and others.';
}

function statement({ finding, status, products, note }: Said): object {
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
    ...(status === 'affected' ? { action_statement: remedyText(finding) + ignoredText(finding) } : {}),
  };
}
