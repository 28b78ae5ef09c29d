import { env, type Uri, window, workspace } from 'vscode';
import { serverCommands } from '../../../../protocol/ids.ts';
import type { IgnoreEdit, IgnoreEditParams } from '../../../../protocol/messages/ignoreEdits.ts';
import type { PinwatchClient } from '../../languageClient.ts';
import { ignoreDoneText, ignoredText, type IgnoreScope, reasonPrompt, untilProblem } from '../../texts/ignoreText.ts';
import type { Translate } from '../../texts/translate.ts';
import { chosenAdvisories, type MeantAdvisories } from './chosenAdvisories.ts';
import { type IgnoreFile, nearestIgnoreFile, offerUndo, textOf, writeText } from './ignoreFiles.ts';
import { decodeIgnoreWish, type IgnoreWish } from './ignoreWish.ts';

const messageMs = 5_000;
const dayMs = 86_400_000;

/**
 * Asks what is to be ignored, why and for how long, and writes that into the nearest `osv-scanner.toml`: an edit that can be
 * undone like any other.
 */
export async function ignoreAdvisory(client: PinwatchClient, argument: unknown, t: Translate): Promise<void> {
  if (!workspace.isTrusted) {
    void window.showWarningMessage(t('Pinwatch: ignores apply in a trusted workspace only. Trust it first.'));
    return;
  }
  const wish = decodeIgnoreWish(argument);
  const meant = await chosenAdvisories(client, wish, t);
  if (meant === undefined || !canHold(meant.file, t)) {
    return;
  }
  const target = await nearestIgnoreFile(meant.file);
  const scope = scopeOf(target, meant);
  const reason = wish?.reason ?? (await askReason(scope, t));
  if (reason === undefined) {
    return;
  }
  const until = wish?.reason === undefined ? await askUntil(scope, t) : dayOf(wish);
  if (until === undefined) {
    return;
  }
  const before = await textOf(target);
  const after = await withIgnores(client, before, meant.ids, { reason, ...until });
  await writeText(target, after);
  const message = ignoreDoneText(scope, until.until === undefined ? undefined : dayText(until.until), t);
  // Not awaited: the command is over, though the message may stand for long.
  void offerUndo(target, { before, after }, message, t);
}

/** Files that are not on disk have no ignore file beside them. */
function canHold({ scheme }: Uri, t: Translate): boolean {
  if (scheme === 'untitled') {
    window.setStatusBarMessage(t('Pinwatch: save the file first. The ignore is written beside it.'), messageMs);
  } else if (scheme !== 'file') {
    void window.showWarningMessage(
      t(
        'Pinwatch: this file is not on disk, so it can have no ignore file. Use the setting "pinwatch.ignore" instead.',
      ),
    );
  }
  return scheme === 'file';
}

function scopeOf({ uri, exists }: IgnoreFile, { ids, subject }: MeantAdvisories): IgnoreScope {
  const file = workspace.asRelativePath(uri);
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
  return { ids, subject, file, isNew: !exists, folder };
}

interface Terms {
  readonly reason: string;
  /** A day, `2027-01-31`. */
  readonly until?: string;
}

/** One entry for each; each edit is of the text that the one before left. */
async function withIgnores(
  client: PinwatchClient,
  before: string,
  ids: readonly string[],
  terms: Terms,
): Promise<string> {
  let text = before;
  for (const id of ids) {
    const params: IgnoreEditParams = { text, id, ...terms };
    const { line, character, newText } = await client.execute<IgnoreEdit>(serverCommands.ignoreEdit, [params]);
    const offset = offsetOf(text, line) + character;
    text = text.slice(0, offset) + newText + text.slice(offset);
  }
  return text;
}

/** Where a line begins, as LSP counts lines. */
function offsetOf(text: string, line: number): number {
  const ends = [...text.matchAll(/\r\n|\r|\n/gu)];
  const end = ends[line - 1];
  return end === undefined ? 0 : end.index + end[0].length;
}

function askReason(scope: IgnoreScope, t: Translate): Thenable<string | undefined> {
  return window.showInputBox({
    title: t('Ignore {0}', ignoredText(scope.ids, t, scope.subject)),
    prompt: reasonPrompt(scope, t),
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? t('Enter a reason.') : undefined),
  });
}

/** `osv-scanner.toml` knows days; of "until it is fixed" it knows nothing, so that it is not offered. */
async function askUntil({ ids, subject }: IgnoreScope, t: Translate): Promise<Pick<Terms, 'until'> | undefined> {
  const title = t('Ignore {0}', ignoredText(ids, t, subject));
  const inDays = (days: number): string => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);
  const picks = [
    ...[30, 90].map((days) => ({
      label: t('For {0} days', days),
      description: t('until {0}', dayText(inDays(days))),
      until: inDays(days),
    })),
    { label: t('Until a date…'), isOwn: true },
    { label: t('No end date') },
  ] as const;
  const picked: (typeof picks)[number] | undefined = await window.showQuickPick(picks, { title, ignoreFocusOut: true });
  if (picked === undefined) {
    return undefined;
  }
  if ('isOwn' in picked) {
    const until = await askDay(title, inDays(180), t);
    return until === undefined ? undefined : { until };
  }
  return 'until' in picked ? { until: picked.until } : {};
}

function askDay(title: string, proposed: string, t: Translate): Thenable<string | undefined> {
  const today = new Date().toISOString().slice(0, 10);
  return window.showInputBox({
    title,
    prompt: t('The last day, as year-month-day.'),
    value: proposed,
    ignoreFocusOut: true,
    validateInput: (day) => untilProblem(day.trim(), today, t),
  });
}

function dayOf({ until }: IgnoreWish): Pick<Terms, 'until'> {
  return until === undefined ? {} : { until };
}

function dayText(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime())
    ? day
    : date.toLocaleDateString(env.language, { dateStyle: 'medium', timeZone: 'UTC' });
}
