import type { Disposable, Uri } from 'vscode';

/** Which environments the user has selected, as one extension says. */
export interface EnvironmentSource {
  /** The environment's own folder; for the window as a whole where there is no folder. */
  pathFor(folder: Uri | undefined): Promise<string | undefined>;
  onDidChange(listener: () => void): Disposable;
}

/** An extension, as far as it is used here; `activate` gives what it offers to others. */
export interface FoundExtension {
  activate(): PromiseLike<unknown>;
}

/**
 * The extension that says it: Python Environments, where it is there and in use (it offers nothing where
 * `python.useEnvironmentsExtension` is off), else Python. `undefined` where there is neither.
 */
export async function connectPython(
  find: (id: string) => FoundExtension | undefined,
): Promise<EnvironmentSource | undefined> {
  for (const [id, read] of sources) {
    const source = read(await find(id)?.activate());
    if (source !== undefined) return source;
  }
  return undefined;
}

/** Of `@vscode/python-environments` 1.0. */
interface EnvironmentsApi {
  getEnvironment(scope: Uri | undefined): Promise<{ readonly sysPrefix?: string } | undefined>;
  onDidChangeEnvironment(listener: () => void): Disposable;
}

/** Of `@vscode/python-extension` 1.0. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: Uri): { readonly id: string; readonly path: string };
    resolveEnvironment(environment: {
      readonly id: string;
      readonly path: string;
    }): Promise<{ readonly executable?: { readonly sysPrefix?: string } } | undefined>;
    onDidChangeActiveEnvironmentPath(listener: () => void): Disposable;
  };
}

const sources: readonly (readonly [id: string, read: (offered: unknown) => EnvironmentSource | undefined])[] = [
  ['ms-python.vscode-python-envs', ofEnvironments],
  ['ms-python.python', ofPython],
];

function ofEnvironments(offered: unknown): EnvironmentSource | undefined {
  const api = offered as Partial<EnvironmentsApi> | undefined;
  if (typeof api?.getEnvironment !== 'function' || typeof api.onDidChangeEnvironment !== 'function') return undefined;
  const { getEnvironment, onDidChangeEnvironment } = api;
  return {
    pathFor: async (folder) => (await getEnvironment.call(api, folder))?.sysPrefix,
    onDidChange: (listener) => onDidChangeEnvironment.call(api, listener),
  };
}

function ofPython(offered: unknown): EnvironmentSource | undefined {
  const environments = (offered as Partial<PythonApi> | undefined)?.environments;
  if (typeof environments?.getActiveEnvironmentPath !== 'function') return undefined;
  return {
    pathFor: async (folder) => {
      const active = environments.getActiveEnvironmentPath(folder);
      return (await environments.resolveEnvironment(active))?.executable?.sysPrefix;
    },
    onDidChange: (listener) => environments.onDidChangeActiveEnvironmentPath(listener),
  };
}
