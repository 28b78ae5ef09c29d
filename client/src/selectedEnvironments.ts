import { Disposable, extensions, workspace } from 'vscode';
import type { EnvironmentsParams, SelectedEnvironment } from '../../protocol/messages/environments.ts';
import { connectPython, type EnvironmentSource } from './pythonExtensions.ts';

/**
 * Follows which environments the user has selected in the Python extension, where there is one. The author of a
 * workspace can select one for it, so nothing is sent from a workspace that is not trusted.
 */
export class SelectedEnvironments implements Disposable {
  readonly #changed: (params: EnvironmentsParams) => void;
  #subscription: Disposable = new Disposable(() => undefined);
  #source: Promise<EnvironmentSource | undefined> | undefined;
  #asked = 0;

  constructor(changed: (params: EnvironmentsParams) => void) {
    this.#changed = changed;
  }

  /** Finds out and calls back, now and whenever they are other ones. Never rejects. */
  async refresh(): Promise<void> {
    if (!workspace.isTrusted) return;
    const asked = ++this.#asked;
    try {
      this.#source ??= this.#connect();
      const selected = await selectedIn(await this.#source);
      if (selected !== undefined && asked === this.#asked) this.#changed({ selected });
    } catch {
      // Another extension's fault: what lies in the workspace counts.
    }
  }

  async #connect(): Promise<EnvironmentSource | undefined> {
    const source = await connectPython((id) => extensions.getExtension<unknown>(id));
    this.#subscription = source?.onDidChange(() => void this.refresh()) ?? this.#subscription;
    return source;
  }

  dispose(): void {
    this.#asked++;
    this.#subscription.dispose();
  }
}

async function selectedIn(source: EnvironmentSource | undefined): Promise<readonly SelectedEnvironment[] | undefined> {
  if (source === undefined) return undefined;
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri).filter(({ scheme }) => scheme === 'file');
  const found = await Promise.all(
    [undefined, ...folders].map(async (folder): Promise<readonly SelectedEnvironment[]> => {
      const path = await source.pathFor(folder);
      return path === undefined ? [] : [{ path, ...(folder === undefined ? {} : { folder: folder.toString() }) }];
    }),
  );
  return found.flat();
}
