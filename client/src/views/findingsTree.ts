import type { AdvisorySummary } from '../../../protocol/messages/advisories.ts';
import type {
  FailedRequirement,
  FindingsParams,
  IgnoredRequirement,
  SafeVersion,
  VulnerableRequirement,
} from '../../../protocol/messages/findings.ts';
import type { Place } from '../../../protocol/messages/place.ts';
import type { FindingSeverity } from '../../../protocol/messages/severity.ts';
import { advisoryCount, requirementCount } from '../texts/counts.ts';
import { ratingText, severityCountsText, severityText } from '../texts/severityText.ts';
import type { Translate } from '../texts/translate.ts';
import type { AdvisoryNode, FailedNode, GroupNode, IgnoredNode, NodeIcon, RequirementNode } from './findingsNodes.ts';

/** How the user wants the list. */
export interface TreeWish {
  readonly grouping: 'package' | 'file';
  /** Nothing below it is listed. Malicious packages and unknown severities always are. */
  readonly minimum: MinimumSeverity;
}

export type MinimumSeverity = 'none' | 'low' | 'medium' | 'high' | 'critical';

export interface TreeContext {
  readonly t: Translate;
  readonly pathOf: (uri: string) => string;
}

/** The worst groups first; what could not be checked and what is ignored come last and are never left out. */
export function findingsTree(
  findings: FindingsParams,
  { grouping, minimum }: TreeWish,
  context: TreeContext,
): readonly RootNode[] {
  const groups = new Map<string, VulnerableRequirement[]>();
  for (const one of findings.vulnerable.filter(({ severity }) => isListed(severity, minimum))) {
    const key = grouping === 'package' ? one.normalizedName : one.uri;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const sorted = [...groups].map(([key, group]) => [key, [...group].sort(worstFirst)] as const);
  sorted.sort(([a, [one]], [b, [other]]) => (one && other ? worstFirst(one, other) : 0) || (a < b ? -1 : 1));
  const nodeOf = grouping === 'package' ? packageOrRequirement : fileNode;
  return [
    ...sorted.map(([key, group]) => nodeOf(key, group, context)),
    ...(findings.failed.length === 0 ? [] : [failuresNode(findings.failed, context)]),
    ...(findings.ignoredAt.length === 0 ? [] : [ignoresNode(findings.ignoredAt, context)]),
  ];
}

export type RootNode = GroupNode | RequirementNode;

/** How many requirements the filter keeps out of the list. */
export function hiddenCount({ vulnerable }: FindingsParams, minimum: MinimumSeverity): number {
  return vulnerable.filter(({ severity }) => !isListed(severity, minimum)).length;
}

/** The rows below a requirement. */
export function advisoryNodes(
  requirement: VulnerableRequirement,
  advisories: readonly AdvisorySummary[],
  t: Translate,
): readonly AdvisoryNode[] {
  return advisories.map((advisory) => {
    const { id, severity, score, summary } = advisory;
    const rated = ratingText(severity, score, t);
    const said = summary === '' ? rated : `${rated} · ${summary}`;
    return {
      kind: 'advisory',
      id: `advisory:${placeKey(requirement)}:${id}`,
      label: id,
      description: said,
      accessibilityLabel: `${id}: ${said}`,
      tooltip: [`${id} (${rated})`, ...(summary === '' ? [] : [summary])].join('\n'),
      icon: iconOf(severity, requirement.verdict),
      requirement,
      advisory,
    };
  });
}

/** A package that is required once needs no row for its place. */
function packageOrRequirement(name: string, places: readonly VulnerableRequirement[], context: TreeContext): RootNode {
  const [first, ...others] = places;
  return first !== undefined && others.length === 0
    ? requirementNode(first, first.name, context)
    : packageNode(name, places, context);
}

function packageNode(name: string, places: readonly VulnerableRequirement[], context: TreeContext): GroupNode {
  const { t } = context;
  const [worst] = places;
  const label = worst?.name ?? name;
  const versions = versionsText([...new Set(places.map(({ version }) => version))], t);
  const fixes = new Set(places.map(({ fix }) => fix?.version));
  const step = stepText(versions, fixes.size === 1 ? worst?.fix : undefined, t);
  const how = worst === undefined ? '' : howBad(worst, t);
  const count = worst?.ids.length ?? 0;
  const where = t('{0} places', places.length);
  return {
    kind: 'package',
    id: `package:${name}`,
    label,
    description: `${step} · ${count} · ${how}`,
    accessibilityLabel: `${label} ${step}: ${advisoryCount(count, t)}, ${how}, ${where}`,
    tooltip: `${label} ${step}\n${advisoryCount(count, t)}: ${how}\n${where}`,
    ...(worst === undefined ? {} : { icon: iconOf(worst.severity, worst.verdict) }),
    children: places.map((one) => requirementNode(one, whereText(one, context), context)),
  };
}

function fileNode(uri: string, requirements: readonly VulnerableRequirement[], context: TreeContext): GroupNode {
  const { t, pathOf } = context;
  const label = pathOf(uri);
  const [worst] = requirements;
  const how = [
    requirementCount(requirements.length, t),
    ...(worst === undefined ? [] : [t('worst: {0}', verdictText(worst, t))]),
  ].join(' · ');
  return {
    kind: 'file',
    id: `file:${uri}`,
    label,
    description: how,
    accessibilityLabel: `${label}: ${how}`,
    tooltip: `${label}\n${how}`,
    ...(worst === undefined ? {} : { icon: iconOf(worst.severity, worst.verdict) }),
    children: requirements.map((one) => requirementNode(one, one.name, context)),
  };
}

function requirementNode(
  requirement: VulnerableRequirement,
  label: string,
  { t, pathOf }: TreeContext,
): RequirementNode {
  const { name, version, fix, ids, isOld } = requirement;
  const step = stepText(versionsText([version], t), fix, t);
  const old = isOld ? ` ${t('(could not be checked again)')}` : '';
  const how = `${howBad(requirement, t)}${old}`;
  const place = `${pathOf(requirement.uri)}:${requirement.line + 1}`;
  return {
    kind: 'requirement',
    id: `place:${placeKey(requirement)}`,
    label,
    description: `${step} · ${ids.length} · ${how}`,
    accessibilityLabel: `${place}, ${name} ${step}: ${advisoryCount(ids.length, t)}, ${how}`,
    tooltip: `${name} ${step}\n${advisoryCount(ids.length, t)}: ${how}\n${place}`,
    icon: iconOf(requirement.severity, requirement.verdict),
    requirement,
  };
}

function failuresNode(failed: readonly FailedRequirement[], context: TreeContext): GroupNode {
  const { t } = context;
  const label = t('Could not be checked');
  return {
    kind: 'failures',
    id: 'failures',
    label,
    description: String(failed.length),
    accessibilityLabel: `${label}: ${requirementCount(failed.length, t)}`,
    tooltip: `${label}: ${requirementCount(failed.length, t)}`,
    icon: { glyph: 'question' },
    children: failed.map((one): FailedNode => {
      const where = whereText(one, context);
      return {
        kind: 'failed',
        id: `failed:${placeKey(one)}`,
        label: one.name,
        description: where,
        accessibilityLabel: `${one.name}, ${where}: ${one.message}`,
        tooltip: one.message,
        place: one,
      };
    }),
  };
}

function ignoresNode(ignored: readonly IgnoredRequirement[], context: TreeContext): GroupNode {
  const { t } = context;
  const label = t('Ignored');
  const count = ignored.reduce((sum, { ids }) => sum + ids.length, 0);
  const said = advisoryCount(count, t);
  return {
    kind: 'ignores',
    id: 'ignores',
    label,
    description: String(count),
    accessibilityLabel: `${label}: ${said}`,
    tooltip: `${label}: ${said}`,
    icon: { glyph: 'eye-closed' },
    children: ignored.map((one): IgnoredNode => {
      const ids = one.ids.join(', ');
      const until = one.until === null ? [] : [t('until {0}', one.until)];
      const why = [...(one.reason === '' ? [] : [one.reason]), ...until].join(' · ');
      return {
        kind: 'ignored',
        id: `ignored:${placeKey(one)}`,
        label: one.name,
        description: [versionsText([one.version], t), ids, ...(why === '' ? [] : [why])].join(' · '),
        accessibilityLabel: `${one.name} ${one.version}, ${whereText(one, context)}: ${ids}. ${why}`,
        tooltip: [`${one.name} ${one.version} · ${whereText(one, context)}`, ids, why].join('\n').trimEnd(),
        ignored: one,
      };
    }),
  };
}

/** Two at most: a long list would hide the safe version. */
function versionsText(versions: readonly string[], t: Translate): string {
  return versions.length > 2
    ? t('{0} versions', versions.length)
    : versions.map((version) => version || t('any version')).join(', ');
}

/** "3.2.0 → 3.2.25", with what is a large step marked. */
function stepText(version: string, fix: SafeVersion | undefined, t: Translate): string {
  if (fix === undefined) {
    return version;
  }
  const target = fix.step === 'major' ? t('{0} (major)', fix.version) : fix.version;
  return `${version} → ${target}`;
}

function howBad(one: VulnerableRequirement, t: Translate): string {
  const counts = severityCountsText(one.counts, t) || severityText(one.severity, t);
  return one.verdict === 'possiblyVulnerable' ? t('possibly: {0}', counts) : counts;
}

function verdictText(one: VulnerableRequirement, t: Translate): string {
  const severity = severityText(one.severity, t);
  return one.verdict === 'possiblyVulnerable' ? t('possibly: {0}', severity) : severity;
}

function whereText({ uri, line }: Place, { pathOf }: TreeContext): string {
  return `${pathOf(uri)}:${line + 1}`;
}

function placeKey({ uri, line, character }: Place): string {
  return `${uri}:${line}:${character}`;
}

/** The shape says how bad, the colour how certain. */
function iconOf(severity: FindingSeverity, verdict: VulnerableRequirement['verdict']): NodeIcon {
  const { glyph, colour } = icons[severity];
  return { glyph, colour: verdict === 'vulnerable' ? colour : 'info' };
}

const icons = {
  malicious: { glyph: 'bug', colour: 'error' },
  critical: { glyph: 'flame', colour: 'error' },
  high: { glyph: 'error', colour: 'error' },
  medium: { glyph: 'warning', colour: 'warning' },
  unknown: { glyph: 'question', colour: 'warning' },
  low: { glyph: 'info', colour: 'info' },
  none: { glyph: 'circle-outline', colour: 'info' },
} as const satisfies Readonly<Record<FindingSeverity, NodeIcon>>;

function isListed(severity: FindingSeverity, minimum: MinimumSeverity): boolean {
  return severity === 'unknown' || severity === 'malicious' || ranks[severity] >= ranks[minimum];
}

/** Certain ones before possible ones; then by severity, score and number. */
function worstFirst(a: VulnerableRequirement, b: VulnerableRequirement): number {
  return rankOf(b) - rankOf(a) || (b.score ?? 0) - (a.score ?? 0) || b.ids.length - a.ids.length || a.line - b.line;
}

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
