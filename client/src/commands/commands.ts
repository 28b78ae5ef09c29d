import { commands, type Disposable, type LogOutputChannel, type SecretStorage, window } from 'vscode';
import { actionCommands, editorCommands, serverCommands } from '../../../protocol/ids.ts';
import type { ClearCacheResult } from '../../../protocol/messages/clearCache.ts';
import type { PinwatchClient } from '../languageClient.ts';
import type { Translate, Wording } from '../texts/translate.ts';
import type { FindingsView } from '../views/findingsView.ts';
import { setCacheKey } from './cacheKey.ts';
import { importDatabase, updateDatabase } from './databaseCommands.ts';
import { fixFile, fixWorkspace } from './fixCommands.ts';
import { ignoreAdvisory } from './ignore/ignoreAdvisory.ts';
import { nextProblem } from './nextProblem.ts';
import { Pages } from './pages.ts';
import { setRedisPassword } from './redisPassword.ts';
import { exportReport } from './reports.ts';
import { meantFile, scanFile, scanWorkspace } from './scanCommands.ts';
import { showCommandsCommand, showStatusMenu } from './statusMenu.ts';
import { stopIgnoring } from './ignore/stopIgnoring.ts';
import { typeInTerminal } from './typeInTerminal.ts';
import { viewCommandTable } from './viewCommands.ts';

const messageMs = 5_000;

interface Services {
  readonly client: PinwatchClient;
  readonly view: FindingsView;
  readonly output: LogOutputChannel;
  readonly wording: Wording;
  readonly secrets: SecretStorage;
}

export function registerCommands({ client, view, output, wording, secrets }: Services): Disposable[] {
  const { t } = wording;
  const register = (id: string, failure: string, run: (argument: unknown) => Promise<void>): Disposable =>
    commands.registerCommand(id, (argument: unknown) => guarded(output, failure, t, () => run(argument)));
  const pages = new Pages(client, wording);
  return [
    pages,
    register(editorCommands.rescan, t('The file could not be scanned.'), (uri) => scanFile(client, uri, t)),
    register(editorCommands.rescanWorkspace, t('The workspace could not be scanned.'), () => scanWorkspace(client, t)),
    register(editorCommands.fixAll, t('The file could not be fixed.'), async (argument) => {
      const uri = meantFile(client, argument);
      if (uri === undefined) {
        window.setStatusBarMessage(t('Pinwatch: open a requirements file first, then fix it.'), messageMs);
      } else {
        await fixFile(client, uri, t);
      }
    }),
    register(editorCommands.fixAllInWorkspace, t('The workspace could not be fixed.'), () => fixWorkspace(client, t)),
    register(editorCommands.ignoreAdvisory, t('The advisory could not be ignored.'), (argument) =>
      ignoreAdvisory(client, argument, t),
    ),
    register(editorCommands.stopIgnoring, t('The ignore could not be removed.'), (argument) =>
      stopIgnoring(client, argument, t),
    ),
    register(actionCommands.typeInTerminal, t('The terminal could not be opened.'), (argument) =>
      typeInTerminal(argument, t),
    ),
    register(editorCommands.nextProblem, t('The next problem could not be shown.'), () => nextProblem(t)),
    register(editorCommands.clearCache, t('The cache could not be cleared.'), () => clearCache(client, t)),
    register(editorCommands.showStatistics, t('The statistics could not be read.'), () => pages.showStatistics()),
    register(editorCommands.showHealth, t('The status of the server could not be read.'), () => pages.showStatus()),
    register(editorCommands.showMetrics, t('The metrics could not be read.'), () => pages.showMetrics()),
    register(editorCommands.showSentData, t('What is sent could not be listed.'), () => pages.showSent()),
    register(editorCommands.showSettings, t('The settings could not be listed.'), () => pages.showSettings()),
    register(editorCommands.showReport, t('The report could not be created.'), () => pages.showReport()),
    register(editorCommands.exportReport, t('The report could not be written.'), (target) =>
      exportReport(client, target, t),
    ),
    register(editorCommands.updateDatabase, t('The local database could not be updated.'), () =>
      updateDatabase({ client, output, wording }),
    ),
    register(editorCommands.importDatabase, t('The file could not be imported.'), (file) =>
      importDatabase(file, { client, output, wording }),
    ),
    register(editorCommands.setRedisPassword, t('The password could not be saved.'), () =>
      setRedisPassword(secrets, t),
    ),
    register(editorCommands.setCacheKey, t('The cache key could not be saved.'), () => setCacheKey(secrets, t)),
    commands.registerCommand(editorCommands.showOutput, () => output.show()),
    commands.registerCommand(showCommandsCommand, () => showStatusMenu(t)),
    ...viewCommandTable(view, t).map(({ id, failure, run }) => register(id, failure, run)),
  ];
}

/** One message for a failed command; a cancelled one was the user's wish. */
async function guarded(
  output: LogOutputChannel,
  failure: string,
  t: Translate,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    output.error(failure, error);
    const reason = error instanceof Error ? error.message : String(error);
    // Not awaited: the command is over, though the message may stand for long.
    void offerOutput(t('Pinwatch: {0} {1}', failure, reason), output, t);
  }
}

async function offerOutput(message: string, output: LogOutputChannel, t: Translate): Promise<void> {
  const showOutput = t('Show Output');
  if ((await window.showErrorMessage(message, showOutput)) === showOutput) {
    output.show();
  }
}

async function clearCache(client: PinwatchClient, t: Translate): Promise<void> {
  const { entries } = await client.execute<ClearCacheResult>(serverCommands.clearCache, []);
  window.setStatusBarMessage(t('Pinwatch: {0} cached answers and advisories removed.', entries), messageMs);
}
