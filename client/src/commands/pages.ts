import { type Disposable, Uri, workspace } from 'vscode';
import { serverCommands } from '../../../protocol/ids.ts';
import type { EffectiveSettings } from '../../../protocol/messages/figures/effectiveSettings.ts';
import type { Health } from '../../../protocol/messages/figures/health.ts';
import { reportPageFormat } from '../../../protocol/messages/report.ts';
import type { SentData } from '../../../protocol/messages/figures/sentData.ts';
import type { Statistics } from '../../../protocol/messages/figures/statistics.ts';
import type { PinwatchClient } from '../languageClient.ts';
import { healthText } from '../texts/healthText.ts';
import { sentDataText } from '../texts/sentDataText.ts';
import { settingsText } from '../texts/settingsText.ts';
import { statisticsText } from '../texts/statisticsText.ts';
import type { Wording } from '../texts/translate.ts';
import { VirtualDocuments } from '../views/virtualDocuments.ts';
import { readReport } from './reports.ts';

const names = {
  statistics: 'Pinwatch statistics.md',
  status: 'Pinwatch status.md',
  sent: 'What Pinwatch sends.md',
  settings: 'Pinwatch settings.md',
  metrics: 'metrics.prom',
  report: 'Pinwatch report.md',
} as const;

/** The pages about Pinwatch and the report: Markdown, shown in the editor's own preview, and the metrics as they are. */
export class Pages implements Disposable {
  readonly #client: PinwatchClient;
  readonly #wording: Wording;
  readonly #about: VirtualDocuments;
  readonly #reports: VirtualDocuments;

  constructor(client: PinwatchClient, wording: Wording) {
    this.#client = client;
    this.#wording = wording;
    const { t } = wording;
    const earlier = t('This report is from an earlier session. Run {0} again.', t('Show Report'));
    this.#about = new VirtualDocuments('pinwatch', {
      [names.statistics]: () => this.#statistics(),
      [names.status]: () => this.#status(),
      [names.sent]: () => this.#sent(),
      [names.settings]: () => this.#settings(),
      [names.metrics]: () => this.#metrics(),
    });
    // Made again only when asked for: it scans the workspace.
    this.#reports = new VirtualDocuments('pinwatch-report', { [names.report]: () => Promise.resolve(earlier) });
  }

  async showStatistics(): Promise<void> {
    await this.#about.preview(names.statistics, await this.#statistics());
  }

  async showStatus(): Promise<void> {
    await this.#about.preview(names.status, await this.#status());
  }

  async showSent(): Promise<void> {
    await this.#about.preview(names.sent, await this.#sent());
  }

  async showSettings(): Promise<void> {
    await this.#about.preview(names.settings, await this.#settings());
  }

  async showMetrics(): Promise<void> {
    await this.#about.show(names.metrics, await this.#metrics());
  }

  async showReport(): Promise<void> {
    const text = await readReport(this.#client, reportPageFormat, this.#wording.t);
    if (text !== undefined) {
      await this.#reports.preview(names.report, text);
    }
  }

  dispose(): void {
    this.#about.dispose();
    this.#reports.dispose();
  }

  async #statistics(): Promise<string> {
    return statisticsText(await this.#client.execute<Statistics>(serverCommands.statistics, []), this.#wording.t);
  }

  async #status(): Promise<string> {
    return healthText(await this.#client.execute<Health>(serverCommands.health, []), this.#wording);
  }

  async #sent(): Promise<string> {
    const pathOf = (uri: string): string => workspace.asRelativePath(Uri.parse(uri));
    return sentDataText(await this.#client.execute<SentData>(serverCommands.sentData, []), this.#wording.t, pathOf);
  }

  async #settings(): Promise<string> {
    const settings = await this.#client.execute<EffectiveSettings>(serverCommands.effectiveSettings, []);
    return settingsText(settings, this.#wording.t);
  }

  #metrics(): Promise<string> {
    return this.#client.execute<string>(serverCommands.metrics, []);
  }
}
