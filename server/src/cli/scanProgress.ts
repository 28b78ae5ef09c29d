import { counted } from '../core/text/counted.ts';
import type { SourceCounters } from '../engine/ports.ts';
import type { CliIo } from './io.ts';

/** What a terminal shows while a scan goes on. */
export interface ScanProgress {
  searching(): void;
  /** `counters` are those of the engine, as soon as there is one. */
  checking(files: number, counters: () => SourceCounters | undefined): void;
  /** Nothing is shown any more. */
  end(): void;
}

/** Nothing is shown among lines that programs read. */
export function scanProgress(io: Pick<CliIo, 'progress' | 'elapsedMs'>, log: 'json' | 'text'): ScanProgress {
  const start = io.elapsedMs();
  const show = (text: () => string): void => {
    if (log === 'text') {
      io.progress(() => `${text()} (${Math.round((io.elapsedMs() - start) / 1000)} s)`);
    }
  };
  return {
    searching: () => show(() => 'Searching for requirements files…'),
    checking: (files, counters) => show(() => `Checking ${counted(files, 'file')}…${requestsText(counters())}`),
    end: () => io.progress(undefined),
  };
}

function requestsText(counters: SourceCounters | undefined): string {
  if (counters === undefined) {
    return '';
  }
  const { querybatch, query, vulns, retries } = counters;
  const sent = querybatch + query + vulns;
  return `${sent === 0 ? '' : ` ${counted(sent, 'request')}`}${retries === 0 ? '' : `, ${counted(retries, 'retry', 'retries')}`}`;
}
