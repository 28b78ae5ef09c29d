import type { StatusParams } from '../../protocol/messages.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';

/** What the server said last, or why it says nothing. */
export type Status = StatusParams | { readonly connection: 'starting' | 'stopped' };

export interface StatusView {
  readonly text: string;
  /** Markdown, to be shown untrusted. */
  readonly tooltip: string;
  readonly accessibilityLabel: string;
  /** Something could not be checked. */
  readonly warning: boolean;
}

/** The status in a few characters and in words. `longScan`: the present look-up has taken long enough to be shown. */
export function statusView(status: Status, longScan: boolean): StatusView {
  if ('connection' in status) {
    return connectionView(status.connection);
  }
  const headline = headlineOf(status);
  return {
    text: textOf(status, longScan),
    tooltip: tooltipOf(status, headline),
    accessibilityLabel: `Pinwatch: ${headline} Cache hit rate ${percent(status.cache.hitRate)}.`,
    warning: status.failed > 0,
  };
}

function connectionView(connection: 'starting' | 'stopped'): StatusView {
  const [text, sentence] =
    connection === 'starting'
      ? ['$(shield) …', 'Pinwatch is starting. Nothing has been checked yet.']
      : ['$(error) Pinwatch stopped', 'Pinwatch stopped. Nothing is being checked; Rescan File starts it again.'];
  return {
    text,
    tooltip: [sentence, clickLine].join('\n\n'),
    accessibilityLabel: sentence,
    warning: false,
  };
}

function textOf(status: StatusParams, longScan: boolean): string {
  return [leadOf(status, longScan), ...notesOf(status)].join(' · ');
}

function leadOf(status: StatusParams, longScan: boolean): string {
  switch (status.state) {
    case 'scanning':
      if (longScan) {
        return `$(sync~spin) ${status.vulnerable}`;
      }
      // A nought would read as an answer while the answer is still under way.
      return status.vulnerable === 0 ? '$(shield) …' : `$(shield) ${status.vulnerable}`;
    case 'offline':
      return `$(warning) ${status.vulnerable}`;
    case 'error':
      return `$(error) ${status.vulnerable}`;
    case 'idle':
    case 'degraded':
      return `$(shield) ${status.vulnerable}`;
  }
}

function notesOf(status: StatusParams): readonly string[] {
  const source = sourceKind(status.source);
  return [
    ...(status.state === 'offline' ? ['offline'] : status.failed > 0 ? [`${status.failed} unchecked`] : []),
    ...(source === 'osv' ? [] : [`${source} advisories`]),
  ];
}

function headlineOf(status: StatusParams): string {
  const parts = [
    `${requirements(status.vulnerable, 'vulnerable ')} in the open files`,
    ...(status.possiblyVulnerable > 0 ? [`${status.possiblyVulnerable} possibly vulnerable`] : []),
    ...(status.failed > 0 ? [`${status.failed} could not be checked`] : []),
    ...(status.skipped > 0 ? [`${status.skipped} not assessed`] : []),
    ...(status.state === 'scanning' ? ['still asking'] : []),
    ...(status.state === 'offline' ? ['the advisory service does not answer'] : []),
    ...(status.state === 'error' ? ['something went wrong in Pinwatch, see its output'] : []),
  ];
  return `${parts.join(', ')}.`;
}

function tooltipOf(status: StatusParams, headline: string): string {
  const { cache, message } = status;
  const table = [
    '| Cache | |',
    '| :-- | --: |',
    `| Entries | ${cache.entries} |`,
    `| Hits | ${cache.hits} |`,
    `| Misses | ${cache.misses} |`,
    `| Hit rate | ${percent(cache.hitRate)} |`,
  ].join('\n');
  return [
    headline,
    table,
    `Advisories: ${sourceText(status.source)}`,
    ...(message === undefined || message === '' ? [] : [escapeMarkdown(message)]),
    clickLine,
  ].join('\n\n');
}

const clickLine = 'Click for the commands.';

function sourceText(source: StatusParams['source']): string {
  const address = escapeMarkdown(source.url);
  switch (sourceKind(source)) {
    case 'osv':
      return 'OSV';
    case 'local':
      return `${address}, a service on this machine and not OSV itself`;
    case 'custom':
      return `${address}, not OSV itself`;
  }
}

function sourceKind(source: StatusParams['source']): 'osv' | 'local' | 'custom' {
  if (source.isDefault) {
    return 'osv';
  }
  const host = URL.canParse(source.url) ? new URL(source.url).hostname : '';
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/u.test(host) ? 'local' : 'custom';
}

function requirements(count: number, kind: string): string {
  return `${count} ${kind}requirement${count === 1 ? '' : 's'}`;
}

function percent(rate: number): string {
  return `${Math.round(rate * 100)} %`;
}
