import { Disposable, extensions, type Uri, workspace } from 'vscode';
import type { EnvironmentsParams, SelectedEnvironment } from '../../protocol/messages/environments.ts';

/** What the Python extension offers to others, as far as it is used here. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(
      environment: object,
    ): Promise<{ readonly executable?: { readonly sysPrefix?: string } } | undefined>;
    onDidChangeActiveEnvironmentPath(changed: () => void): Disposable;
  };
}

/**
 * Follows which environments the user has selected in the Python extension, where there is one. The author of a
 * workspace can select one for it, so nothing is sent from a workspace that is not trusted.
 */
export class SelectedEnvironments implements Disposable {
  readonly #changed: (params: EnvironmentsParams) => void;
  #subscription: Disposable = new Disposable(() => undefined);
  #api: Promise<PythonApi | undefined> | undefined;
  #asked = 0;

  constructor(changed: (params: EnvironmentsParams) => void) {
    this.#changed = changed;
  }

  /** Finds out and calls back, now and whenever they are other ones. Never rejects. */
  async refresh(): Promise<void> {
    if (!workspace.isTrusted) return;
    const asked = ++this.#asked;
    try {
      this.#api ??= this.#connect();
      const selected = await selectedIn(await this.#api);
      if (selected !== undefined && asked === this.#asked) this.#changed({ selected });
    } catch {
      // Another extension's fault: what lies in the workspace counts.
    }
  }

  async #connect(): Promise<PythonApi | undefined> {
    const extension = extensions.getExtension<Partial<PythonApi>>('ms-python.python');
    const api = await extension?.activate();
    if (api?.environments === undefined) return undefined;
    this.#subscription = api.environments.onDidChangeActiveEnvironmentPath(() => void this.refresh());
    return { environments: api.environments };
  }

  dispose(): void {
    this.#asked++;
    this.#subscription.dispose();
  }
}

async function selectedIn(api: PythonApi | undefined): Promise<readonly SelectedEnvironment[] | undefined> {
  if (api === undefined) return undefined;
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri).filter(({ scheme }) => scheme === 'file');
  const found = await Promise.all(
    [undefined, ...folders].map(async (folder): Promise<readonly SelectedEnvironment[]> => {
      const active = api.environments.getActiveEnvironmentPath(folder);
      const path = (await api.environments.resolveEnvironment(active))?.executable?.sysPrefix;
      return path === undefined ? [] : [{ path, ...(folder === undefined ? {} : { folder: folder.toString() }) }];
    }),
  );
  return found.flat();
}
