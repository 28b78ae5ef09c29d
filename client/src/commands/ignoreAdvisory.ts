import {
  type Diagnostic,
  FileType,
  languages,
  Position,
  type TextEditor,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import { diagnosticCodes, diagnosticSource, serverCommands } from '../../../protocol/ids.ts';
import type { IgnoreEdit, IgnoreEditParams } from '../../../protocol/messages.ts';
import type { PinwatchClient } from '../languageClient.ts';
import type { Translate } from '../texts/translate.ts';

const messageMs = 5_000;
const dayMs = 86_400_000;
const ignoreFile = 'osv-scanner.toml';

/** What is to be ignored, as far as it is said already. */
interface Ignoring {
  readonly uri: Uri;
  readonly id: string;
  readonly reason: string | undefined;
  readonly until: string | undefined;
}

/**
 * Asks why an advisory is to be ignored and for how long, and writes that into the nearest `osv-scanner.toml`: an edit that can
 * be undone like any other.
 */
export async function ignoreAdvisory(client: PinwatchClient, argument: unknown, t: Translate): Promise<void> {
  if (!workspace.isTrusted) {
    void window.showWarningMessage(t('Pinwatch: ignores hold in a trusted workspace only. Trust it first.'));
    return;
  }
  const ignoring = decodeIgnoring(argument) ?? (await askWhich(window.activeTextEditor, t));
  if (ignoring === undefined) {
    return;
  }
  if (ignoring.uri.scheme === 'untitled') {
    window.setStatusBarMessage(t('Pinwatch: save the file first; what is ignored is written beside it.'), messageMs);
    return;
  }
  if (ignoring.uri.scheme !== 'file') {
    void window.showWarningMessage(
      t(
        'Pinwatch: ignore files are read from disk, and this file is not on it. The setting "pinwatch.ignore" holds here too.',
      ),
    );
    return;
  }
  const reason = ignoring.reason ?? (await askReason(ignoring.id, t));
  if (reason === undefined) {
    return;
  }
  const until = ignoring.reason === undefined ? await askUntil(ignoring.id, t) : { day: ignoring.until };
  if (until === undefined) {
    return;
  }
  const target = await findIgnoreFile(ignoring.uri);
  const params: IgnoreEditParams = {
    text: target.exists ? (await workspace.openTextDocument(target.uri)).getText() : '',
    id: ignoring.id,
    reason,
    ...(until.day === undefined ? {} : { until: until.day }),
  };
  await write(target, await client.execute<IgnoreEdit>(serverCommands.ignoreEdit, [params]));
  window.setStatusBarMessage(
    t('Pinwatch: {0} is now ignored, by an entry in {1}.', ignoring.id, workspace.asRelativePath(target.uri)),
    messageMs,
  );
}

interface Target {
  readonly uri: Uri;
  readonly exists: boolean;
}

/** The server reads what is on disk, so that the file is saved at once; undoing it works all the same. */
async function write({ uri, exists }: Target, { line, character, newText }: IgnoreEdit): Promise<void> {
  const edit = new WorkspaceEdit();
  if (!exists) {
    edit.createFile(uri, { ignoreIfExists: true });
  }
  edit.insert(uri, new Position(line, character), newText);
  const saved = (await workspace.applyEdit(edit)) && (await (await workspace.openTextDocument(uri)).save());
  if (!saved) {
    throw new Error(`${workspace.asRelativePath(uri)} could not be written.`);
  }
}

/** The nearest one above the requirements file in its workspace folder; else where that should have one. */
async function findIgnoreFile(uri: Uri): Promise<Target> {
  const root = workspace.getWorkspaceFolder(uri)?.uri;
  const own = Uri.joinPath(uri, '..');
  for (let folder = own; ; folder = Uri.joinPath(folder, '..')) {
    const candidate = Uri.joinPath(folder, ignoreFile);
    if (await isFile(candidate)) {
      return { uri: candidate, exists: true };
    }
    if (root === undefined || folder.path === root.path || folder.path === '/') {
      return { uri: Uri.joinPath(root ?? own, ignoreFile), exists: false };
    }
  }
}

async function isFile(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.File) !== 0;
  } catch {
    return false;
  }
}

/** From the palette: the advisories of the line that the cursor is on, else of the file. */
async function askWhich(editor: TextEditor | undefined, t: Translate): Promise<Ignoring | undefined> {
  const found = editor === undefined ? [] : languages.getDiagnostics(editor.document.uri).filter(isAdvisory);
  const line = editor?.selection.active.line;
  const here = found.filter(({ range }) => range.start.line === line);
  const picks = (here.length > 0 ? here : found).map((diagnostic) => ({
    label: idOf(diagnostic),
    detail: diagnostic.message,
  }));
  if (editor === undefined || picks.length === 0) {
    window.setStatusBarMessage(t('Pinwatch: there is no advisory to ignore in the active editor.'), messageMs);
    return undefined;
  }
  const only = picks.length === 1 ? picks[0] : undefined;
  const picked = only ?? (await window.showQuickPick(picks, { title: t('Which advisory is to be ignored?') }));
  return picked && { uri: editor.document.uri, id: picked.label, reason: undefined, until: undefined };
}

function isAdvisory(diagnostic: Diagnostic): boolean {
  const others: readonly string[] = Object.values(diagnosticCodes);
  const id = idOf(diagnostic);
  // Those of lines that cannot be read are no advisories: they have no page.
  return diagnostic.source === diagnosticSource && !others.includes(id) && typeof diagnostic.code === 'object';
}

function idOf({ code }: Diagnostic): string {
  return String(typeof code === 'object' ? code.value : (code ?? ''));
}

function askReason(id: string, t: Translate): Thenable<string | undefined> {
  return window.showInputBox({
    title: t('Ignore {0}', id),
    prompt: t('Why is it no danger here? The reason is written down for those who come after you.'),
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? t('An ignore needs a reason.') : undefined),
  });
}

/** `osv-scanner.toml` knows days; of "until it is fixed" it knows nothing, so that it is not offered. */
async function askUntil(id: string, t: Translate): Promise<{ readonly day: string | undefined } | undefined> {
  const inDays = (days: number): string => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);
  const picks = [30, 90].map((days) => ({
    label: t('For {0} days', days),
    description: t('until {0}', inDays(days)),
    day: inDays(days),
  }));
  const forEver = { label: t('Until the entry is removed'), description: '', day: undefined };
  return window.showQuickPick([...picks, forEver], { title: t('Ignore {0}', id), ignoreFocusOut: true });
}

/** What a code action hands over, or a keybinding: with a reason nothing more is asked. */
function decodeIgnoring(argument: unknown): Ignoring | undefined {
  if (typeof argument !== 'object' || argument === null) {
    return undefined;
  }
  const { uri, id, reason, until } = argument as Readonly<Record<string, unknown>>;
  return typeof uri === 'string' && typeof id === 'string'
    ? { uri: Uri.parse(uri), id, reason: textOrNothing(reason), until: textOrNothing(until) }
    : undefined;
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
