import { type CancellationToken, type ExtensionContext, l10n, type LogOutputChannel, workspace } from 'vscode';
import {
  CloseAction,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  TransportKind,
} from 'vscode-languageclient/node';
import { configurationSection, diagnosticSource } from '../../protocol/ids.ts';
import { fetchMethod, type InitializationOptions } from '../../protocol/messages.ts';
import { createEditorFetch } from './editorFetch.ts';
import { networkParams, serviceUrls } from './editorSettings.ts';
import type { RequirementFilter } from './requirementFilters.ts';
import { createRestartPolicy } from './restartPolicy.ts';

const editorFetch = createEditorFetch({
  // Looked up for each request: VS Code puts its own in place when it likes.
  fetch: (url, init) => globalThis.fetch(url, init),
  services: serviceUrls,
});

/**
 * A client of the server in this package, not yet started; it lends the server the editor's network. `environment` is that
 * of the server's process, besides our own.
 */
export function createClient(
  context: ExtensionContext,
  output: LogOutputChannel,
  filters: readonly RequirementFilter[],
  environment: Readonly<Record<string, string>>,
  gaveUp: () => void,
): LanguageClient {
  const server = {
    module: context.asAbsolutePath('dist/server.js'),
    transport: TransportKind.ipc,
    // node:sqlite is announced as experimental on every start.
    options: { execArgv: ['--disable-warning=ExperimentalWarning'], env: environment },
  };
  const options: LanguageClientOptions = {
    documentSelector: filters.map(toDocumentFilter),
    diagnosticCollectionName: diagnosticSource,
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: () => initializationOptions(context),
    initializationFailedHandler: () => false,
    errorHandler: createErrorHandler(output, gaveUp),
    markdown: { isTrusted: false, supportHtml: false },
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

function toDocumentFilter({
  scheme,
  language,
  pattern,
}: RequirementFilter): { scheme: string; language: string } | { scheme: string; pattern: string } {
  return language === undefined ? { scheme, pattern: pattern ?? '' } : { scheme, language };
}

function initializationOptions(context: ExtensionContext): InitializationOptions {
  const settings: unknown = JSON.parse(JSON.stringify(workspace.getConfiguration(configurationSection)));
  return {
    ...(context.storageUri === undefined ? {} : { storagePath: context.storageUri.fsPath }),
    globalStoragePath: context.globalStorageUri.fsPath,
    settings: { pinwatch: settings },
    network: networkParams(),
    canFetch: true,
    editorCommands: true,
    findings: true,
    trusted: workspace.isTrusted,
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
          message: l10n.t('The server ended unexpectedly; starting it again.'),
        };
      }
      gaveUp();
      return {
        action: CloseAction.DoNotRestart,
        handled: true,
        message: l10n.t('The server ended too often. It stays stopped until a Pinwatch command or a reload starts it.'),
      };
    },
  };
}
