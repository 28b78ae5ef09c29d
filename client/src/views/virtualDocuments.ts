import { commands, type Disposable, EventEmitter, Uri, ViewColumn, window, workspace } from 'vscode';

/** How a document gets its text: asked whenever it is to be shown, also when a window opens with it again. */
export type ReadText = () => Promise<string>;

/** Read-only documents of one scheme. Each shows what it read last; showing it reads again. */
export class VirtualDocuments implements Disposable {
  readonly #scheme: string;
  readonly #changed = new EventEmitter<Uri>();
  readonly #registration: Disposable;
  readonly #texts = new Map<string, string>();

  /** `documents`: file name to text. */
  constructor(scheme: string, documents: Readonly<Record<string, ReadText>>) {
    this.#scheme = scheme;
    this.#registration = workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: async ({ path }) => {
        const name = path.replace(/^\//u, '');
        const known = this.#texts.get(name);
        const read = Object.hasOwn(documents, name) ? documents[name] : undefined;
        return known ?? (await read?.()) ?? '';
      },
    });
  }

  /** As text, in an editor. */
  async show(name: string, text: string): Promise<void> {
    const document = await workspace.openTextDocument(this.#put(name, text));
    await window.showTextDocument(document, { preview: true, viewColumn: ViewColumn.Active });
  }

  /** Markdown, as the editor's own preview shows it. */
  async preview(name: string, markdown: string): Promise<void> {
    const uri = this.#put(name, markdown);
    try {
      await commands.executeCommand('markdown.showPreview', uri);
    } catch {
      await this.show(name, markdown); // the built-in extension that has the preview is switched off
    }
  }

  #put(name: string, text: string): Uri {
    const uri = Uri.from({ scheme: this.#scheme, path: `/${name}` });
    this.#texts.set(name, text);
    this.#changed.fire(uri);
    return uri;
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
