import type { Disposable, Uri } from 'vscode';

type Listener<Event> = (event: Event) => unknown;

/** As an event of VS Code: what it reports, and who no longer gets it. */
class FakeEvent<Event> {
  readonly #listeners = new Set<Listener<Event>>();

  readonly event = (listener: Listener<Event>, thisArgs?: unknown, disposables?: Disposable[]): Disposable => {
    const bound = listener.bind(thisArgs);
    this.#listeners.add(bound);
    const disposable = { dispose: () => void this.#listeners.delete(bound) };
    disposables?.push(disposable);
    return disposable;
  };

  fire(event: Event): void {
    this.#listeners.forEach((listener) => void listener(event));
  }

  get heard(): number {
    return this.#listeners.size;
  }
}

/** What is selected, by folder; `''` for the window as a whole. */
export type Selected = Record<string, string | undefined>;

const nothing = (): Promise<void> => Promise.resolve();

/** What `ms-python.python` offers, in the shape of `@vscode/python-extension` 1.0.5: of environments, all of it. */
export class FakePython {
  readonly changed = new FakeEvent<{ readonly id: string; readonly path: string; readonly resource: undefined }>();
  readonly selected: Selected;

  constructor(selected: Selected) {
    this.selected = selected;
  }

  readonly exports = {
    ready: Promise.resolve(),
    debug: {
      getRemoteLauncherCommand: () => Promise.resolve([]),
      getDebuggerPackagePath: () => Promise.resolve(undefined),
    },
    environments: {
      known: [],
      // What is set may be no environment: it is `python` where nothing is.
      getActiveEnvironmentPath: (resource?: Uri) => {
        const folder = this.selected[resource?.toString() ?? ''];
        const path = folder === undefined ? 'python' : `${folder}/bin/python`;
        return { id: path, path };
      },
      updateActiveEnvironmentPath: nothing,
      onDidChangeActiveEnvironmentPath: this.changed.event,
      onDidChangeEnvironments: new FakeEvent<object>().event,
      refreshEnvironments: nothing,
      resolveEnvironment: (environment: string | { readonly path: string }) => {
        const path = typeof environment === 'string' ? environment : environment.path;
        const folder = /^(.+)\/bin\/python$/u.exec(path)?.[1];
        return Promise.resolve(
          folder === undefined
            ? undefined
            : {
                id: path,
                path,
                executable: { uri: undefined, bitness: '64-bit', sysPrefix: folder },
                environment: undefined,
                version: undefined,
                tools: ['Venv'],
              },
        );
      },
      getEnvironmentVariables: () => ({}),
      onDidEnvironmentVariablesChange: new FakeEvent<object>().event,
    },
  };
}

/** What `ms-python.vscode-python-envs` offers of selected environments, in the shape of `@vscode/python-environments` 1.0.0. */
export class FakePythonEnvs {
  readonly changed = new FakeEvent<{ readonly uri: undefined; readonly old: undefined; readonly new: undefined }>();
  readonly selected: Selected;

  constructor(selected: Selected) {
    this.selected = selected;
  }

  readonly exports = {
    refreshEnvironments: nothing,
    getEnvironments: () => Promise.resolve([]),
    onDidChangeEnvironments: new FakeEvent<readonly object[]>().event,
    resolveEnvironment: () => Promise.resolve(undefined),
    setEnvironment: nothing,
    getEnvironment: (scope: Uri | undefined) => {
      const sysPrefix = this.selected[scope?.toString() ?? ''];
      return Promise.resolve(
        sysPrefix === undefined
          ? undefined
          : {
              envId: { id: sysPrefix, managerId: 'ms-python.python:venv' },
              name: '.venv',
              displayName: '.venv (3.12)',
              displayPath: sysPrefix,
              version: '3.12.3',
              environmentPath: undefined,
              execInfo: { run: { executable: `${sysPrefix}/bin/python` } },
              sysPrefix,
            },
      );
    },
    onDidChangeEnvironment: this.changed.event,
  };
}
