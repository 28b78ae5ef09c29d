import {
  type CancellationToken,
  env,
  type ExtensionContext,
  l10n,
  type LogOutputChannel,
  MarkdownString,
  workspace,
} from 'vscode';
import {
  CloseAction,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  TransportKind,
} from 'vscode-languageclient/node';
import { configurationSection, diagnosticSource, editorCommands } from '../../protocol/ids.ts';
import { fetchMethod } from '../../protocol/messages/fetch.ts';
import type { InitializationOptions } from '../../protocol/messages/initializationOptions.ts';
import { createEditorFetch } from './editorFetch.ts';
import { networkParams, serviceUrls } from './editorSettings.ts';
import { isReadOnly, withoutEdits } from './readOnlyFiles.ts';
import type { RequirementFilter } from './requirementFilters.ts';
import { createRestartPolicy } from './restartPolicy.ts';
import { shownReasons } from './texts/shownReasons.ts';

// Four times what a workspace of 500 files needs. Well before it the server lets go of what it can ask for again.
const mostHeapMiB = 1024;

const editorFetch = createEditorFetch({
  // Looked up for each request: VS Code puts its own in place when it likes.
  fetch: (url, init) => globalThis.fetch(url, init),
  services: serviceUrls,
});

export interface ClientParts {
  readonly context: ExtensionContext;
  readonly output: LogOutputChannel;
  readonly filters: readonly RequirementFilter[];
  /** Of the server's process, besides our own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether a server before this one has searched the workspace: then this one does so too. */
  readonly hasSearched: () => boolean;
  /** Called when the server ended too often. */
  readonly gaveUp: () => void;
}

/** A client of the server in this package, not yet started; it lends the server the editor's network. */
export function createClient(parts: ClientParts): LanguageClient {
  const { context, output, filters, environment, hasSearched, gaveUp } = parts;
  // node:sqlite is announced as experimental on every start.
  const execArgv = ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${mostHeapMiB}`];
  const run = {
    module: context.asAbsolutePath('dist/server.js'),
    transport: TransportKind.ipc,
    options: { execArgv, env: environment },
  };
  // In a window that is debugged itself; `.vscode/launch.json` attaches there.
  const debug = { ...run, options: { ...run.options, execArgv: [...execArgv, '--inspect=6009'] } };
  const server = { run, debug };
  const options: LanguageClientOptions = {
    documentSelector: filters.map(toDocumentFilter),
    diagnosticCollectionName: diagnosticSource,
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: () => initializationOptions(context, hasSearched()),
    initializationFailedHandler: () => false,
    errorHandler: createErrorHandler(output, gaveUp),
    markdown: { isTrusted: false, supportHtml: false },
    middleware: {
      provideHover: async (document, position, token, next) => {
        const hover = await next(document, position, token);
        for (const content of hover?.contents ?? []) {
          if (content instanceof MarkdownString) {
            content.isTrusted = { enabledCommands: hoverCommands };
          }
        }
        return hover;
      },
      provideCodeActions: async (document, range, actionContext, token, next) => {
        const actions = await next(document, range, actionContext, token);
        return shownReasons(isReadOnly(document.uri) ? withoutEdits(actions ?? [], l10n.t) : (actions ?? []));
      },
    },
  };
  // The id is also the prefix of `pinwatch.trace.server`.
  const client = new LanguageClient(configurationSection, 'Pinwatch', server, options);
  client.onRequest(fetchMethod, async (params: unknown, token: CancellationToken) => {
    const controller = new AbortController();
    const listening = token.onCancellationRequested(() => controller.abort());
    try {
      return await editorFetch(params, controller.signal);
    } finally {
      listening.dispose();
    }
  });
  return client;
}

/** What links in hovers may run; all other text in them is escaped. */
const hoverCommands = [editorCommands.rescan, editorCommands.updateDatabase, editorCommands.showReport];

function toDocumentFilter({
  scheme,
  language,
  pattern,
}: RequirementFilter): { scheme: string; language: string } | { scheme: string; pattern: string } {
  return language === undefined ? { scheme, pattern: pattern ?? '' } : { scheme, language };
}

function initializationOptions(context: ExtensionContext, searchWorkspace: boolean): InitializationOptions {
  const settings: unknown = JSON.parse(JSON.stringify(workspace.getConfiguration(configurationSection)));
  return {
    ...(context.storageUri === undefined ? {} : { storagePath: context.storageUri.fsPath }),
    globalStoragePath: context.globalStorageUri.fsPath,
    settings: { pinwatch: settings },
    network: networkParams(),
    canFetch: true,
    editorCommands: true,
    findings: true,
    searchWorkspace,
    language: env.language,
    trusted: workspace.isTrusted,
    // The Problems panel gives each entry a row of its own.
    beside: { most: 2, more: l10n.t('{0} more: the hover and the report list them.', '{0}') },
  };
}

function createErrorHandler(output: LogOutputChannel, gaveUp: () => void): ErrorHandler {
  const restarts = createRestartPolicy(() => Date.now());
  return {
    error(error, _message, count) {
      output.warn('The connection to the server has a fault.', error);
      return { action: count !== undefined && count <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown, handled: true };
    },
    closed() {
      if (restarts.mayRestart()) {
        return {
          action: CloseAction.Restart,
          handled: true,
          message: l10n.t('The server stopped unexpectedly and is restarting.'),
        };
      }
      gaveUp();
      return {
        action: CloseAction.DoNotRestart,
        handled: true,
        message: l10n.t('The server stopped too often. Run a Pinwatch command or reload the window to start it.'),
      };
    },
  };
}
