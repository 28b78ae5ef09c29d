import type {
  FailedRequirement,
  FindingSeverity,
  FindingsParams,
  Place,
  VulnerableRequirement,
} from '../../../protocol/messages.ts';
import { fileCount, requirementCount } from '../texts/counts.ts';
import { gapNotes } from '../texts/gapNotes.ts';
import type { Translate } from '../texts/translate.ts';

export type FindingsNode = GroupNode | PlaceNode;

/** A package with the places it is required at, or what could not be checked. */
export interface GroupNode {
  readonly kind: 'package' | 'failures';
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly accessibilityLabel: string;
  readonly icon: NodeIcon;
  readonly children: readonly PlaceNode[];
}

export interface PlaceNode {
  readonly kind: 'place';
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly accessibilityLabel: string;
  /** Plain text. */
  readonly tooltip: string;
  readonly place: Place;
}

/** The severity is in the description as a word too; the icon never says it alone. */
export type NodeIcon = 'error' | 'warning' | 'info' | 'question';

/** The worst packages first; what could not be checked comes last and is never left out. */
export function findingsTree(
  findings: FindingsParams,
  t: Translate,
  pathOf: (uri: string) => string,
): readonly GroupNode[] {
  const packages = new Map<string, VulnerableRequirement[]>();
  for (const one of findings.vulnerable) {
    packages.set(one.normalizedName, [...(packages.get(one.normalizedName) ?? []), one]);
  }
  const worstOf = (places: readonly VulnerableRequirement[]): number => Math.max(...places.map(rankOf));
  const sorted = [...packages].sort(([a, one], [b, other]) => worstOf(other) - worstOf(one) || (a < b ? -1 : 1));
  return [
    ...sorted.map(([name, places]) => packageNode(name, places, t, pathOf)),
    ...(findings.failed.length === 0 ? [] : [failuresNode(findings.failed, t, pathOf)]),
  ];
}

/** One line above the list: how much was looked at, and what is not in the list. `undefined` before anything was. */
export function findingsSummary(findings: FindingsParams, t: Translate): string | undefined {
  const { files, requirements, pending, ignored } = findings;
  if (files === 0) {
    return undefined;
  }
  return [
    t('{0} in {1}', requirementCount(requirements, t), fileCount(files, t)),
    ...gapNotes(findings, t),
    ...(ignored > 0 ? [t('{0} findings ignored', ignored)] : []),
    ...(pending > 0 ? [t('{0} being checked', pending)] : []),
  ].join(', ');
}

/** Whether an empty list means that nothing is known: all was assessed, with fresh data. */
export function isClean({ headline }: FindingsParams): boolean {
  return headline === 'clean';
}

function packageNode(
  name: string,
  places: readonly VulnerableRequirement[],
  t: Translate,
  pathOf: (uri: string) => string,
): GroupNode {
  const [worst] = [...places].sort((a, b) => rankOf(b) - rankOf(a));
  const label = worst?.name ?? name;
  const severity = worst === undefined ? '' : verdictText(worst, t);
  const versions = [...new Set(places.map(({ version }) => version))].join(', ');
  return {
    kind: 'package',
    id: `package:${name}`,
    label,
    description: `${versions} · ${severity}`,
    accessibilityLabel: `${label} ${versions}: ${severity}, ${places.length === 1 ? t('1 place') : t('{0} places', places.length)}`,
    icon: worst === undefined ? 'question' : iconOf(worst),
    children: places.map((one) => {
      const ids = one.ids.join(', ');
      const where = whereText(one, pathOf);
      const old = one.isOld ? ` ${t('(could not be checked again)')}` : '';
      return {
        kind: 'place',
        id: `place:${one.uri}:${one.line}:${one.character}:${name}`,
        label: where,
        description: `${one.version} · ${ids}${old}`,
        accessibilityLabel: `${where}, ${one.name} ${one.version}: ${ids}${old}`,
        tooltip: `${one.name} ${one.version}\n${verdictText(one, t)}: ${ids}${old}`,
        place: one,
      };
    }),
  };
}

function failuresNode(failed: readonly FailedRequirement[], t: Translate, pathOf: (uri: string) => string): GroupNode {
  const label = t('Could not be checked');
  return {
    kind: 'failures',
    id: 'failures',
    label,
    description: String(failed.length),
    accessibilityLabel: `${label}: ${requirementCount(failed.length, t)}`,
    icon: 'question',
    children: failed.map((one) => {
      const where = whereText(one, pathOf);
      return {
        kind: 'place',
        id: `failed:${one.uri}:${one.line}:${one.character}`,
        label: one.name,
        description: where,
        accessibilityLabel: `${one.name}, ${where}: ${one.message}`,
        tooltip: one.message,
        place: one,
      };
    }),
  };
}

function whereText({ uri, line }: Place, pathOf: (uri: string) => string): string {
  return `${pathOf(uri)}:${line + 1}`;
}

function verdictText(one: VulnerableRequirement, t: Translate): string {
  const severity = severityText(one.severity, t);
  return one.verdict === 'possiblyVulnerable' ? t('possibly vulnerable, {0}', severity) : severity;
}

function severityText(severity: FindingSeverity, t: Translate): string {
  switch (severity) {
    case 'malicious':
      return t('malicious');
    case 'critical':
      return t('critical');
    case 'high':
      return t('high');
    case 'medium':
      return t('medium');
    case 'low':
      return t('low');
    case 'none':
      return t('no impact stated');
    case 'unknown':
      return t('severity unknown');
  }
}

function iconOf({ severity, verdict }: VulnerableRequirement): NodeIcon {
  if (verdict === 'possiblyVulnerable') {
    return 'info';
  }
  switch (severity) {
    case 'malicious':
    case 'critical':
    case 'high':
      return 'error';
    case 'medium':
    case 'unknown':
      return 'warning';
    case 'low':
    case 'none':
      return 'info';
  }
}

/** Certain ones before possible ones; then by severity. */
function rankOf({ severity, verdict }: VulnerableRequirement): number {
  return ranks[severity] + (verdict === 'vulnerable' ? 10 : 0);
}

/** As the server orders them; a test compares. */
const ranks: Readonly<Record<FindingSeverity, number>> = {
  none: 0,
  low: 1,
  unknown: 2,
  medium: 2,
  high: 3,
  critical: 4,
  malicious: 5,
};
