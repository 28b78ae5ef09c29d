import { FileType, Range, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import type { Translate } from '../../texts/translate.ts';

const ignoreFile = 'osv-scanner.toml';

/** An ignore file, there or still to be made. */
export interface IgnoreFile {
  readonly uri: Uri;
  readonly exists: boolean;
}

/** The nearest one above the requirements file in its workspace folder; else a new one beside it. */
export async function nearestIgnoreFile(file: Uri): Promise<IgnoreFile> {
  const [nearest] = await ignoreFilesAbove(file);
  return nearest === undefined
    ? { uri: Uri.joinPath(file, '..', ignoreFile), exists: false }
    : { uri: nearest, exists: true };
}

/** Those that there are, from the requirements file up to its workspace folder; without one, in its own folder alone. */
export async function ignoreFilesAbove(file: Uri): Promise<readonly Uri[]> {
  const root = workspace.getWorkspaceFolder(file)?.uri;
  const found: Uri[] = [];
  for (let folder = Uri.joinPath(file, '..'); ; folder = Uri.joinPath(folder, '..')) {
    const candidate = Uri.joinPath(folder, ignoreFile);
    if (await isFile(candidate)) {
      found.push(candidate);
    }
    if (root === undefined || folder.path === root.path || folder.path === '/') {
      return found;
    }
  }
}

/** Its text as the editor has it, saved or not. */
export async function textOf({ uri, exists }: IgnoreFile): Promise<string> {
  return exists ? (await workspace.openTextDocument(uri)).getText() : '';
}

/** Gives the file this text, as an edit that can be undone, and saves it: the server reads what is on disk. */
export async function writeText({ uri, exists }: IgnoreFile, text: string): Promise<void> {
  const edit = new WorkspaceEdit();
  if (!exists) {
    edit.createFile(uri, { ignoreIfExists: true });
  }
  edit.replace(uri, exists ? wholeOf((await workspace.openTextDocument(uri)).lineCount) : wholeOf(0), text);
  const saved = (await workspace.applyEdit(edit)) && (await (await workspace.openTextDocument(uri)).save());
  if (!saved) {
    throw new Error(`${workspace.asRelativePath(uri)} could not be written.`);
  }
}

/** Says what was done, and offers to look at the file or to take it back. */
export async function offerUndo(file: IgnoreFile, texts: ChangedTexts, message: string, t: Translate): Promise<void> {
  const [open, undo] = [t('Open'), t('Undo')];
  const chosen = await window.showInformationMessage(message, open, undo);
  if (chosen === open) {
    await window.showTextDocument(file.uri);
  } else if (chosen === undo) {
    await takeBack(file, texts, t);
  }
}

export interface ChangedTexts {
  readonly before: string;
  readonly after: string;
}

/** Only while the file is as it was left: what somebody has changed since is theirs. */
async function takeBack(file: IgnoreFile, { before, after }: ChangedTexts, t: Translate): Promise<void> {
  const document = await workspace.openTextDocument(file.uri);
  if (document.getText() !== after) {
    await window.showTextDocument(document);
    window.setStatusBarMessage(t('Pinwatch: {0} has changed since.', workspace.asRelativePath(file.uri)), 5_000);
    return;
  }
  if (file.exists) {
    await writeText(file, before);
    return;
  }
  const edit = new WorkspaceEdit();
  edit.deleteFile(file.uri, { ignoreIfNotExists: true });
  await workspace.applyEdit(edit);
}

function wholeOf(lineCount: number): Range {
  return new Range(0, 0, lineCount, 0);
}

async function isFile(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.File) !== 0;
  } catch {
    return false;
  }
}
