import type { CodeLens, Command } from 'vscode-languageserver-types';
import type { Settings } from '../../../protocol/settings.ts';
import type { Words } from '../core/words/words.ts';
import { dataAgeText } from '../core/report/words/dataAge.ts';
import { isOld } from '../core/report/freshness.ts';
import { isWhollyIgnored } from '../core/ignores/markIgnored.ts';
import { type AgeContext, lineCoverage, type LinesAndProblems } from './lineCoverage.ts';
import { comingOf } from './coming.ts';
import type { LineState } from '../project/workspace/lineState.ts';

/**
 * One line of counts at the top of a file, and only where something is vulnerable or ignored, was not assessed or not read, or
 * the data are old. It counts as the status does; ranges that only allow something are named beside, where they are drawn.
 */
export function codeLenses(
  file: CountedFile,
  { rescan, fix }: LensCommands,
  /** How many of its requirements *Fix All* would fix. */
  fixable: number,
  age: AgeContext,
  { t, part }: Words,
): CodeLens[] {
  const { diagnosticRanges } = file.settings;
  const counts = countLines(file.lines);
  const { requirements, skipped, unread, freshness } = lineCoverage([file], age);
  const coming = countComing(file.lines, file.settings);
  const old =
    freshness !== undefined && isOld(freshness) ? [t('data {0}', part(dataAgeText(freshness.dataAgeSeconds)))] : [];
  if (counts.vulnerable + counts.failed + counts.ignored + coming + skipped + unread + old.length === 0) {
    return [];
  }
  const { possiblyVulnerable } = counts;
  const title = [
    ...(counts.vulnerable > 0 ? [vulnerableText(counts, fixable, t)] : []),
    ...(coming > 0 ? [t('{0} vulnerable come with them', coming)] : []),
    ...(possiblyVulnerable > 0 && diagnosticRanges ? [t('{0} possibly vulnerable', possiblyVulnerable)] : []),
    ...(counts.failed > 0 ? [t('{0} could not be checked', counts.failed)] : []),
    ...(skipped > 0 ? [t('{0} of {1} not assessed', skipped, requirements)] : []),
    ...(unread > 0 ? [unread === 1 ? t('1 line not read') : t('{0} lines not read', unread)] : []),
    ...(counts.ignored > 0 ? [t('{0} ignored', counts.ignored)] : []),
    ...old,
    t('rescan'),
  ].join(' · ');
  const first = { range: top, command: { ...rescan, title } };
  return fixable === 0 ? [first] : [first, { range: top, command: { ...fix, title: t('Fix {0}', fixable) } }];
}

export interface LensCommands {
  readonly rescan: Omit<Command, 'title'>;
  readonly fix: Omit<Command, 'title'>;
}

type CountedFile = LinesAndProblems & {
  readonly settings: Pick<Settings, 'diagnosticRanges' | 'minimumSeverity'>;
};

const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

interface Counts {
  vulnerable: number;
  possiblyVulnerable: number;
  failed: number;
  /** All that is known of them is ignored. */
  ignored: number;
}

function countLines(lines: readonly LineState[]): Readonly<Counts> {
  const counts: Counts = { vulnerable: 0, possiblyVulnerable: 0, failed: 0, ignored: 0 };
  for (const { state } of lines) {
    const outcome = state.kind === 'settled' ? state.outcome : state.before?.outcome;
    if (outcome?.kind === 'failed') {
      counts.failed++;
    }
    const shown = outcome?.kind === 'failed' ? outcome.lastKnown : outcome;
    if (shown?.kind !== 'assessed' || shown.verdict === 'clean') {
      continue;
    }
    if (isWhollyIgnored(shown)) {
      counts.ignored++;
      continue;
    }
    counts[shown.verdict]++;
  }
  return counts;
}

/** Packages of a lock, each of which comes with one requirement. */
function countComing(lines: readonly LineState[], { minimumSeverity }: Pick<Settings, 'minimumSeverity'>): number {
  return lines.reduce(
    (sum, { comes }) => sum + (comes === undefined ? 0 : comingOf(comes, minimumSeverity).vulnerable.length),
    0,
  );
}

function vulnerableText({ vulnerable }: Counts, fixable: number, t: Words['t']): string {
  return fixable === 0 ? t('{0} vulnerable', vulnerable) : t('{0} vulnerable, {1} fixable', vulnerable, fixable);
}
