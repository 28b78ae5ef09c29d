import type { SeverityCounts } from '../../../protocol/messages/severity.ts';
import type { SourceStatus, StatusParams } from '../../../protocol/messages/figures/status.ts';
import { percent } from '../texts/counts.ts';
import { escapeMarkdown } from '../texts/escapeMarkdown.ts';
import { gapNotes } from '../texts/gapNotes.ts';
import { severityCountsText } from '../texts/severityText.ts';
import type { Translate, Wording } from '../texts/translate.ts';
import { statusLinks } from './statusLinks.ts';

/** What the server said last, or why it says nothing. */
export type Status = StatusParams | { readonly connection: 'starting' | 'stopped' };

/** What the client knows besides. */
export interface StatusFacts {
  /** The present look-up has taken long enough to be shown. */
  readonly longScan: boolean;
  /** Vulnerable requirements by the worst severity of each. */
  readonly severities: SeverityCounts;
  /** When the last look-up ended, RFC 3339; `undefined` before there was one. */
  readonly checkedAt: string | undefined;
}

export interface StatusView {
  readonly text: string;
  /** Markdown, whose links may run the commands of `statusLinks` and no others. */
  readonly tooltip: string;
  readonly accessibilityLabel: string;
  /** Something could not be checked, nothing at all was assessed, or the data are old. */
  readonly warning: boolean;
  readonly language: LanguageStatusView;
}

/** For the language status: no icons, no figures of the cache, but how old what is shown is. */
export interface LanguageStatusView {
  readonly text: string;
  readonly detail: string;
  readonly severity: 'information' | 'warning' | 'error';
}

/** The status in a few characters and in words. */
export function statusView(status: Status, facts: StatusFacts, wording: Wording): StatusView {
  const { t } = wording;
  if ('connection' in status) {
    return connectionView(status.connection, t);
  }
  const headline = headlineOf(status, facts.severities, t);
  return {
    text: textOf(status, facts.longScan, t),
    tooltip: tooltipOf(status, facts, wording),
    accessibilityLabel: t(
      'Pinwatch: {0} Cache hit rate {1}.',
      status.state === 'error' && status.message ? `${headline} ${status.message}` : headline,
      percent(status.cache.hitRate, t),
    ),
    warning: needsAttention(status),
    language: languageView(status, wording),
  };
}

function connectionView(connection: 'starting' | 'stopped', t: Translate): StatusView {
  const starting = connection === 'starting';
  const sentence = starting
    ? t('Pinwatch is starting. Nothing has been checked yet.')
    : t('Pinwatch stopped. Nothing is being checked. Scan File starts it again.');
  return {
    text: starting ? '$(shield) …' : `$(error) ${t('Pinwatch stopped')}`,
    tooltip: [sentence, statusLinks(t)].join('\n\n'),
    accessibilityLabel: sentence,
    warning: false,
    language: {
      text: starting ? t('Pinwatch is starting') : t('Pinwatch stopped'),
      detail: starting ? t('Nothing has been checked yet.') : t('Nothing is being checked.'),
      severity: starting ? 'information' : 'error',
    },
  };
}

function textOf(status: StatusParams, longScan: boolean, t: Translate): string {
  return [leadOf(status, longScan), ...notesOf(status, t)].join(' · ');
}

function leadOf(status: StatusParams, longScan: boolean): string {
  // A nought would read as an answer where nothing was assessed.
  const count = status.vulnerable === 0 && status.assessed === 0 ? '–' : String(status.vulnerable);
  switch (status.state) {
    case 'scanning':
      if (longScan) {
        return `$(sync~spin) ${count}`;
      }
      // A nought would read as an answer while the answer is still in progress.
      return status.vulnerable === 0 ? '$(shield) …' : `$(shield) ${status.vulnerable}`;
    case 'offline':
      return `$(warning) ${count}`;
    case 'error':
      return `$(error) ${count}`;
    case 'idle':
    case 'degraded':
      return `$(shield) ${count}`;
  }
}

function notesOf(status: StatusParams, t: Translate): readonly string[] {
  return [
    ...(status.state === 'offline' ? [t('offline')] : status.failed > 0 ? [t('{0} unchecked', status.failed)] : []),
    ...gapNotes(status, t),
    ...sourceNote(sourceKind(status.source), t),
  ];
}

function needsAttention({ failed, isOld, requirements, assessed, state }: StatusParams): boolean {
  return failed > 0 || isOld || (requirements > 0 && assessed === 0 && state !== 'scanning');
}

function sourceNote(source: SourceKind, t: Translate): readonly string[] {
  switch (source) {
    case 'osv':
      return [];
    case 'local':
      return [t('local advisories')];
    case 'custom':
      return [t('custom advisories')];
    case 'database':
      return [t('local database')];
  }
}

function headlineOf(status: StatusParams, severities: SeverityCounts, t: Translate): string {
  const parts = [
    foundText(status, severities, t),
    ...(status.possiblyVulnerable > 0 ? [t('{0} possibly vulnerable', status.possiblyVulnerable)] : []),
    ...(status.failed > 0 ? [t('{0} could not be checked', status.failed)] : []),
    ...(status.ignored > 0 ? [t('{0} ignored', status.ignored)] : []),
    ...gapNotes(status, t),
    ...(status.state === 'scanning' ? [t('still checking')] : []),
    ...(status.state === 'offline' ? [silenceText(status.source, t)] : []),
    ...(status.state === 'error' ? [t('an error stopped the check')] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** No zero where nothing was assessed: it would read as an answer. */
function foundText(status: StatusParams, severities: SeverityCounts, t: Translate): string {
  const { vulnerable, assessed, requirements, state } = status;
  if (vulnerable === 0 && assessed === 0 && requirements > 0 && state !== 'scanning') {
    return t('none of {0} requirements assessed', requirements);
  }
  const found = vulnerable === 1 ? t('1 vulnerable requirement') : t('{0} vulnerable requirements', vulnerable);
  const counts = vulnerable === 0 ? '' : severityCountsText(severities, t);
  return counts === '' ? found : `${found} (${counts})`;
}

function silenceText({ database }: SourceStatus, t: Translate): string {
  return database === undefined ? t('the advisory service does not answer') : t('the local database cannot be read');
}

function tooltipOf(status: StatusParams, facts: StatusFacts, wording: Wording): string {
  const { t } = wording;
  const { message } = status;
  return [
    headlineOf(status, facts.severities, t),
    ...timesLine(status, facts, wording),
    ...(message === undefined || message === '' ? [] : [escapeMarkdown(message)]),
    statusLinks(t),
    cacheTable(status, t),
  ].join('\n\n');
}

function timesLine(status: StatusParams, { checkedAt }: StatusFacts, wording: Wording): readonly string[] {
  const { t, time } = wording;
  const { oldestAnswerAt, source } = status;
  const parts = [
    ...(checkedAt === undefined ? [] : [t('Last check: {0}', time(checkedAt))]),
    ...(oldestAnswerAt === undefined ? [] : [t('Oldest answer: {0}', time(oldestAnswerAt))]),
    // Without an address nothing is queried: the message says why.
    ...(source.url === '' ? [] : [t('Advisory source: {0}', sourceText(source, wording))]),
  ];
  return parts.length === 0 ? [] : [parts.join(' · ')];
}

function cacheTable({ cache }: StatusParams, t: Translate): string {
  const { hits, misses, hitRate, entries } = cache;
  return [
    `| ${[t('Cache'), t('Hits'), t('Misses'), t('Hit rate'), t('Entries')].join(' | ')} |`,
    '| :-- | --: | --: | --: | --: |',
    `| ${['', hits, misses, percent(hitRate, t), entries].join(' | ')} |`,
  ].join('\n');
}

function languageView(status: StatusParams, { t, time }: Wording): LanguageStatusView {
  const { vulnerable, failed, ignored, oldestAnswerAt } = status;
  const found = vulnerable === 0 ? [] : [t('{0} vulnerable', vulnerable)];
  const unchecked = failed === 0 ? [] : [t('{0} could not be checked', failed)];
  const lived = ignored === 0 ? [] : [t('{0} ignored', ignored)];
  const known = [...found, ...unchecked, ...lived];
  const text = known.length === 0 ? '' : [...known, ...gapNotes(status, t)].join(', ');
  return {
    text: text === '' ? nothingText(status, t) : text,
    detail: [
      connectionText(status, t),
      ...(oldestAnswerAt === undefined ? [] : [t('Oldest answer: {0}', time(oldestAnswerAt))]),
    ].join(' '),
    severity: status.state === 'error' ? 'error' : needsAttention(status) ? 'warning' : 'information',
  };
}

/** "No known vulnerability" only where the server calls it clean: all was assessed, with fresh data. */
function nothingText(status: StatusParams, t: Translate): string {
  const { state, assessed, requirements, headline } = status;
  if (state === 'scanning') {
    return t('Being checked');
  }
  if (headline === 'clean') {
    return t('No known vulnerability ({0} of {1} assessed)', assessed, requirements);
  }
  const first = assessed === 0 ? t('Nothing checked') : t('Nothing found in {0} of {1}', assessed, requirements);
  return [first, ...gapNotes(status, t)].join(', ');
}

function connectionText({ state, source, message }: StatusParams, t: Translate): string {
  const name = nameOf(source, t);
  switch (state) {
    case 'idle':
      return t('Advisories from {0}.', name);
    case 'scanning':
      return t('Querying {0}.', name);
    case 'degraded':
      return t('{0} did not answer everything.', name);
    case 'offline':
      return t('{0} does not answer.', name);
    case 'error':
      return message || t('Something went wrong in Pinwatch. See its output.');
  }
}

function nameOf(source: SourceStatus, t: Translate): string {
  switch (sourceKind(source)) {
    case 'osv':
      return 'OSV.dev';
    case 'database':
      return t('The local database');
    case 'local':
    case 'custom':
      return hostOf(source.url);
  }
}

/** The line has little room, and an address may carry a path that says nothing here. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function sourceText(source: SourceStatus, { t, time }: Wording): string {
  const address = escapeMarkdown(hostOf(source.url));
  switch (sourceKind(source)) {
    case 'osv':
      return 'OSV.dev';
    case 'local':
    case 'custom':
      return t('{0} (not OSV.dev)', address);
    case 'database': {
      const currentAt = source.database?.currentAt ?? null;
      return currentAt === null
        ? t('local database of unknown age')
        : t('local database, data as of {0}', time(currentAt));
    }
  }
}

type SourceKind = 'osv' | 'local' | 'custom' | 'database';

function sourceKind(source: SourceStatus): SourceKind {
  if (source.database !== undefined) {
    return 'database';
  }
  if (source.isDefault) {
    return 'osv';
  }
  const host = URL.canParse(source.url) ? new URL(source.url).hostname : '';
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/u.test(host) ? 'local' : 'custom';
}
