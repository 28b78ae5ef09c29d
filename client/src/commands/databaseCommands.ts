import { LSPErrorCodes, ResponseError } from 'vscode-languageclient/node';
import { type LogOutputChannel, Uri, window } from 'vscode';
import { serverCommands } from '../../../protocol/ids.ts';
import type { DatabaseResult, ImportDatabaseParams } from '../../../protocol/messages/database.ts';
import { databaseText } from '../texts/databaseText.ts';
import type { PinwatchClient } from '../languageClient.ts';
import type { Translate, Wording } from '../texts/translate.ts';

interface Services {
  readonly client: PinwatchClient;
  readonly output: LogOutputChannel;
  readonly wording: Wording;
}

/** Brings the local advisory database up to what OSV knows now. The server shows the progress. */
export async function updateDatabase(services: Services): Promise<void> {
  await changeDatabase(serverCommands.updateDatabase, [], services);
}

/** Puts the advisories of a file into the local database; asks for the file unless one is given. */
export async function importDatabase(named: unknown, services: Services): Promise<void> {
  const file = named instanceof Uri ? named : await askForFile(services.wording.t);
  if (file !== undefined) {
    const params: ImportDatabaseParams = { uri: file.toString() };
    await changeDatabase(serverCommands.importDatabase, [params], services);
  }
}

async function askForFile(t: Translate): Promise<Uri | undefined> {
  const files = await window.showOpenDialog({
    title: t('Import advisories into the local database'),
    openLabel: t('Import'),
    filters: { [t('Advisories')]: ['zip', 'jsonl', 'json', 'gz'] },
  });
  return files?.[0];
}

async function changeDatabase(
  command: string,
  args: readonly unknown[],
  { client, output, wording }: Services,
): Promise<void> {
  try {
    const result = await client.execute<DatabaseResult>(command, args);
    result.problems.first.forEach((problem) => output.warn(problem));
    const show = result.problems.count === 0 ? window.showInformationMessage : window.showWarningMessage;
    // Not awaited: the command is over, though the message may stand for long.
    void show(databaseText(result, wording));
  } catch (error) {
    if (!(error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled)) {
      throw error;
    }
  }
}
