import type { Connection } from 'vscode-languageserver';
import { type SourceStatus, statusMethod, type StatusParams } from '../../../../protocol/messages/figures/status.ts';
import type { Freshness } from '../../core/report/freshness.ts';
import { FileTotals } from '../../features/fileTotals.ts';
import { coverageOf } from '../../features/lineCoverage.ts';
import type { DeltaTaker, Project } from '../../project/workspace/project.ts';
import { isEnabledAnywhere, settingsFault } from '../../project/workspace/settingsSnapshot.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { Timers } from '../environment.ts';
import type { EngineHolder } from '../tasks/engineHolder.ts';
import { AgeWatch } from './ageWatch.ts';
import type { DataAge } from './dataAge.ts';
import { sourceStatus, statusOf } from './status.ts';

/** Tells the client what all files come to, after every change, where it differs from what was told last. */
export class StatusPublisher implements DeltaTaker {
  readonly #connection: Connection;
  readonly #workspace: Workspace;
  /** Data grow old while nothing changes. */
  readonly #watch: AgeWatch;
  readonly #engine: EngineHolder;
  readonly #age: DataAge;
  readonly #totals = new FileTotals();
  #last = '';
  #inTrouble = false;

  constructor(connection: Connection, timers: Timers, project: Project, engine: EngineHolder, age: DataAge) {
    this.#connection = connection;
    this.#workspace = project.workspace;
    this.#watch = new AgeWatch(
      timers,
      () => this.#look().freshness,
      () => project.apply({ kind: 'marksChanged' }),
    );
    this.#engine = engine;
    this.#age = age;
  }

  take(): void {
    if (!this.#workspace.isReady) {
      return; // the settings say whether anything is to be told at all
    }
    const { status, freshness } = this.#look();
    this.#watch.shown(freshness);
    const text = JSON.stringify(status);
    if (text !== this.#last) {
      this.#last = text;
      this.#log(status);
      void this.#connection.sendNotification(statusMethod, status);
    }
  }

  dispose(): void {
    this.#watch.stop();
  }

  #look(): { readonly status: StatusParams; readonly freshness: Freshness | undefined } {
    const { selected, settings, unread: unreadFiles } = this.#workspace;
    const { tally, unread, isUnderWay } = this.#totals.of(selected);
    const age = this.#age.now();
    const { blocked, osvUrl } = settings.window;
    const coverage = coverageOf(tally, unread + unreadFiles.length, age);
    const status = statusOf({
      coverage,
      tally,
      scanning: isUnderWay,
      figures: this.#engine.engine.scanner.figures,
      source: blocked === undefined ? sourceStatus(age.source, osvUrl, age.now) : noSource,
      enabled: isEnabledAnywhere(settings),
      fault: settingsFault(settings),
    });
    return { status, freshness: coverage.freshness };
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
}

/** No service is queried. */
const noSource: SourceStatus = Object.freeze({ url: '', isDefault: true });
