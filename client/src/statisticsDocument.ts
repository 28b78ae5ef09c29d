import { type Disposable, EventEmitter, Uri, window, workspace } from 'vscode';
import type { Statistics } from '../../protocol/messages.ts';
import { statisticsText } from './statisticsText.ts';

const uri = Uri.parse('pinwatch:/Pinwatch%20statistics.txt');

/** A read-only document with the figures of the last time they were asked for. */
export class StatisticsDocument implements Disposable {
  readonly #changed = new EventEmitter<Uri>();
  readonly #registration: Disposable;
  #text = '';

  constructor() {
    this.#registration = workspace.registerTextDocumentContentProvider(uri.scheme, {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: () => this.#text,
    });
  }

  async show(statistics: Statistics): Promise<void> {
    this.#text = statisticsText(statistics);
    this.#changed.fire(uri);
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
