import type { Connection, Diagnostic } from 'vscode-languageserver';
import { type SourceStatus, statusMethod, type StatusParams } from '../../../protocol/messages.ts';
import type { Settings } from '../../../protocol/settings.ts';
import type { Freshness } from '../core/report/freshness.ts';
import type { IgnoreList } from '../core/ignores/ignore.ts';
import type { Clock } from '../engine/ports.ts';
import type { DiagnosticAbilities } from './capabilities.ts';
import type { Engine } from './environment.ts';
import { lineCoverage } from '../features/lineCoverage.ts';
import { Policies } from './policies.ts';
import { sourceStatus, statusOf } from './status.ts';
import type { TrackedFile } from './trackedFile.ts';

/** What the client is told: diagnostics of files, and the status. */
export class Publisher {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #abilities: DiagnosticAbilities;
  readonly #policies = new Policies();
  #lastStatus = '';
  #inTrouble = false;

  constructor(connection: Connection, clock: Clock, abilities: DiagnosticAbilities) {
    this.#connection = connection;
    this.#clock = clock;
    this.#abilities = abilities;
  }

  /** Brings the file up to date with what is known this instant, and publishes it with its version. */
  show(
    file: TrackedFile,
    { scanner, licences }: Pick<Engine, 'scanner' | 'licences'>,
    settings: Settings,
    lists: readonly IgnoreList[],
  ): void {
    const now = this.#clock.now();
    const ignores = lists.flatMap((list) => list.ignores);
    const diagnostics = file.diagnostics.of(file.bringUpToDate(scanner, { ignores, now }), file.problems, {
      minimumSeverity: settings.minimumSeverity,
      diagnosticSeverity: settings.diagnosticSeverity,
      diagnosticRanges: settings.diagnosticRanges,
      now,
      uri: file.uri,
      policy: this.#policies.of(settings, licences),
      includedAt: file.includedAt,
    });
    void this.#connection.sendDiagnostics({
      uri: file.uri,
      ...(file.version === undefined ? {} : { version: file.version }),
      diagnostics: diagnostics.map((one) => asShown(one, this.#abilities)),
    });
  }

  /** Trouble is logged once when it begins and once when it is over; the lines themselves say the rest. */
  #log({ state, failed, message }: StatusParams): void {
    if (state === 'scanning') {
      return;
    }
    const inTrouble = state !== 'idle';
    if (inTrouble && !this.#inTrouble) {
      const what = failed === 0 ? '' : `${failed} requirements could not be checked: `;
      this.#connection.console.warn(`${what}${message ?? state}`);
    } else if (!inTrouble && this.#inTrouble) {
      this.#connection.console.info('Everything could be checked again.');
    }
    this.#inTrouble = inTrouble;
  }

  /** For a file that is no longer looked after. */
  showNothing({ uri }: TrackedFile): void {
    void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  /** Tells the status where it differs from what was told last; returns how old the data are that it is about. */
  report(
    files: readonly TrackedFile[],
    engine: Engine,
    settings: Settings,
    fault: string | undefined,
  ): Freshness | undefined {
    const [source, now] = [engine.describe(), this.#clock.now()];
    const coverage = lineCoverage(files, { source, now, maxDataAgeDays: settings.offlineMaxDataAgeDays });
    const status = statusOf({
      coverage,
      tallies: files.map((file) => file.tally),
      scanning: files.some(isUnderWay),
      figures: engine.scanner.figures,
      source: settings.blocked === undefined ? sourceStatus(source, settings.osvUrl, now) : noSource,
      enabled: settings.enable,
      fault,
    });
    const text = JSON.stringify(status);
    if (text !== this.#lastStatus) {
      this.#lastStatus = text;
      this.#log(status);
      void this.#connection.sendNotification(statusMethod, status);
    }
    return coverage.freshness;
  }
}

/** Nobody is asked. */
const noSource: SourceStatus = Object.freeze({ url: '', isDefault: true });

/** A client gets nothing that it does not know. */
function asShown(diagnostic: Diagnostic, { related, codeDescriptions, data }: DiagnosticAbilities): Diagnostic {
  if (related && codeDescriptions && data) {
    return diagnostic;
  }
  return {
    ...diagnostic,
    ...(related ? {} : { relatedInformation: undefined }),
    ...(codeDescriptions ? {} : { codeDescription: undefined }),
    ...(data ? {} : { data: undefined }),
  };
}

/** What is still to be asked, or to be shown for the first time, is no answer either. */
function isUnderWay(file: TrackedFile): boolean {
  return file.run !== undefined || file.awaitsDecision || !file.isShown || file.pending().length > 0;
}
