import { commands, type Uri, window, workspace } from 'vscode';
import { serverCommands } from '../../../../protocol/ids.ts';
import type { IgnoredRequirement } from '../../../../protocol/messages/findings.ts';
import type { StopIgnoreEdit, StopIgnoreEditParams } from '../../../../protocol/messages/ignoreEdits.ts';
import { settingId } from '../../editorSettings.ts';
import type { PinwatchClient } from '../../languageClient.ts';
import { ignoredText } from '../../texts/ignoreText.ts';
import type { Translate } from '../../texts/translate.ts';
import { ignoreFilesAbove, offerUndo, textOf, writeText } from './ignoreFiles.ts';
import { decodeIgnoreWish } from './ignoreWish.ts';

/** Takes the entries of advisories out of the nearest `osv-scanner.toml` that has them; asks which unless they are given. */
export async function stopIgnoring(client: PinwatchClient, argument: unknown, t: Translate): Promise<void> {
  const wish = decodeIgnoreWish(argument);
  const meant =
    wish === undefined
      ? await pick(client.ignoredAt, t)
      : { file: wish.file, ids: wish.id === undefined ? (wish.ids ?? []) : [wish.id] };
  if (meant === undefined) {
    return;
  }
  const what = ignoredText(meant.ids, t);
  for (const uri of await ignoreFilesAbove(meant.file)) {
    const target = { uri, exists: true };
    const before = await textOf(target);
    const params: StopIgnoreEditParams = { text: before, uri: meant.file.toString(), ids: meant.ids };
    const { text: after } = await client.execute<StopIgnoreEdit>(serverCommands.stopIgnoreEdit, [params]);
    if (after !== null) {
      await writeText(target, after);
      const message = t('Pinwatch: {0} no longer ignored in {1}.', what, workspace.asRelativePath(uri));
      // Not awaited: the command is over, though the message may stand for long.
      void offerUndo(target, { before, after }, message, t);
      return;
    }
  }
  void offerSettings(what, t);
}

interface Meant {
  readonly file: Uri;
  readonly ids: readonly string[];
}

async function pick(ignored: readonly IgnoredRequirement[], t: Translate): Promise<Meant | undefined> {
  if (ignored.length === 0) {
    window.setStatusBarMessage(t('Pinwatch: nothing is ignored in the checked files.'), 5_000);
    return undefined;
  }
  const picks = ignored.map(({ name, version, ids, reason, ...place }) => ({
    label: `${name} ${version}`,
    description: ids.join(', '),
    detail: reason,
    wish: decodeIgnoreWish({ uri: place.uri, ids }),
    ids,
  }));
  const picked = await window.showQuickPick(picks, { title: t('What should no longer be ignored?') });
  return picked?.wish === undefined ? undefined : { file: picked.wish.file, ids: picked.ids };
}

/** Settings and other files can ignore it, too. */
async function offerSettings(what: string, t: Translate): Promise<void> {
  const openSettings = t('Open Settings');
  const message = t(
    'Pinwatch: no osv-scanner.toml above the file ignores {0}. Look in the setting "pinwatch.ignore" and in pyproject.toml.',
    what,
  );
  if ((await window.showInformationMessage(message, openSettings)) === openSettings) {
    await commands.executeCommand('workbench.action.openSettings', settingId('ignore'));
  }
}
