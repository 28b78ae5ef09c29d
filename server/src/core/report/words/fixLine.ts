import type { Finding } from '../../assessment/finding.ts';
import { type FixAdvice, isOutside } from '../../assessment/advice/fixAdvice.ts';
import type { Assessed } from '../../assessment/outcome.ts';
import type { AssessedRequirement } from '../../assessment/requirement.ts';
import { kindOfNamed } from '../../manifests/manifestKinds.ts';
import { plainText } from '../../text/plainText.ts';
import { adviceText } from './requirementText.ts';
import { isOpen } from '../scanReport.ts';

/**
 * What to type in place of a requirement, or in words what to do where that is not typed there. `undefined` where nothing that
 * counts is wrong, or where nobody knows.
 */
export function fixLine(requirement: AssessedRequirement, { findings, fix }: Assessed): string | undefined {
  const open = findings.filter(isOpen);
  if (open.length === 0 || open.some(({ severity }) => severity === 'malicious')) {
    return undefined;
  }
  if (fix?.barred !== undefined) {
    return `none fits. ${plainText(fix.barred, 300)}`;
  }
  const { normalizedName, version, specifier, decidedBy, raise } = requirement;
  // The line allows other versions than the one that has the findings.
  if (decidedBy?.isOutOfDate === true) {
    const again = kindOfNamed(decidedBy.source).lockAgain?.(normalizedName);
    return again === undefined
      ? `compile ${plainText(decidedBy.source, 100)} again.`
      : `lock again, with: ${plainText(again, 120)}`;
  }
  if (version === null) {
    return fix && rangeLine(normalizedName, specifier, fix);
  }
  const nearest = commonFix(open);
  if (nearest === undefined) {
    return fix !== undefined && fix.nearest === undefined ? 'none known.' : undefined;
  }
  const release = `${normalizedName} ${plainText(nearest, 60)}`;
  if (raise !== undefined && raise.doubt === undefined) {
    return raise.raise.kind === 'barred' ? `none fits. ${raise.text}` : `${release}. ${raise.text}`;
  }
  return behind(typedLine(requirement, release, nearest, fix?.note), raise?.doubt);
}

function typedLine(
  { normalizedName, specifier, decidedBy, requiredBy, scope }: AssessedRequirement,
  release: string,
  nearest: string,
  note: string | undefined,
): string {
  if (requiredBy?.again !== undefined) {
    return `${release} or later, with: ${plainText(requiredBy.again, 120)}`;
  }
  if (decidedBy !== undefined) {
    const { kind, source } = decidedBy;
    const again = kind === 'lock' ? kindOfNamed(source).lockAgain?.(normalizedName) : undefined;
    if (again !== undefined) return `${release} or later, with: ${plainText(again, 120)}`;
    return kind === 'fileName' ? release : `${release}, in ${plainText(source, 100)}`;
  }
  if (note !== undefined) {
    return behind(release, plainText(note, 300));
  }
  // Other formats have their own way to write a version.
  const isPin = scope !== 'lock' && /^\(?\s*===?/u.test(specifier);
  return isPin ? `${normalizedName}==${plainText(nearest, 60)}` : release;
}

function rangeLine(name: string, specifier: string, { note, ...advice }: FixAdvice): string {
  const text = isOutside(advice) ? `none fits. ${adviceText(null, advice)}` : rangeText(name, specifier, advice);
  return behind(text, note === undefined ? undefined : plainText(note, 300));
}

/** A sentence more, as where to change what a tool wrote. */
function behind(text: string, more: string | undefined): string {
  return more === undefined ? text : `${text}${text.endsWith('.') ? '' : '.'} ${more}`;
}

/** The version that all of them call the nearest safe one. */
function commonFix(findings: readonly Finding[]): string | undefined {
  const versions = new Set(findings.map(({ nearestFix }) => nearestFix));
  const [only] = versions;
  return versions.size === 1 ? only : undefined;
}

/** A floor takes the place of lower ones; what else the specifier says stays. */
function rangeText(name: string, specifier: string, fix: FixAdvice): string {
  const clauses = specifier
    .split(',')
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
  if (!clauses.every((clause) => /^(?:===?|!=|~=|<=?|>=?)/u.test(clause))) {
    return adviceText(null, fix); // another language, as Poetry's
  }
  switch (fix.change?.kind) {
    case 'floor': {
      const others = clauses.filter((clause) => !/^>=?[^=]/u.test(clause));
      return plainText(`${name}${[`>=${fix.change.version}`, ...others].join(',')}`, 200);
    }
    case 'exclude':
      return plainText(`${name}${[...clauses, ...fix.change.versions.map((one) => `!=${one}`)].join(',')}`, 200);
    case 'none':
    case undefined:
      return adviceText(null, fix);
  }
}
