import {
  type CodeAction,
  CodeActionKind,
  commands,
  Position,
  ProgressLocation,
  Range,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { LeftRequirement } from '../../../protocol/messages/fixAll.ts';
import type { Place } from '../../../protocol/messages/place.ts';
import { requirementCount } from '../texts/counts.ts';
import type { Translate } from '../texts/translate.ts';
import { showLeft } from './fixCommands.ts';

/** What is to be fixed: a requirement with its name. */
export interface NamedPlace extends Place {
  readonly name: string;
}

/** Does at each place what the light bulb prefers there, and shows the first one. What cannot be fixed is said, and why. */
export async function fixRequirements(places: readonly NamedPlace[], t: Translate): Promise<void> {
  const [first] = places;
  if (first === undefined) {
    return;
  }
  await window.showTextDocument(await workspace.openTextDocument(Uri.parse(first.uri)), { selection: rangeOf(first) });
  const progress = { location: ProgressLocation.Window, title: t('Pinwatch: fixing {0}', first.name) };
  const left = await window.withProgress(progress, () => fixEach(places, t));
  const [only] = left;
  if (places.length === 1 && only !== undefined) {
    void window.showInformationMessage(`Pinwatch: ${only.reason}`);
  } else if (places.length > 1) {
    // Not awaited: the command is over, though the message may stand for long.
    void report(places.length - left.length, left, t);
  }
}

/** What could not be fixed. From below: an edit moves what follows it. */
async function fixEach(places: readonly NamedPlace[], t: Translate): Promise<readonly LeftRequirement[]> {
  const left: LeftRequirement[] = [];
  for (const place of [...places].sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : b.line - a.line))) {
    const reason = await fixAt(place, t);
    if (reason !== undefined) {
      left.push({ uri: place.uri, line: place.line, name: place.name, reason });
    }
  }
  return left;
}

/** `undefined` where it was fixed. */
async function fixAt(place: NamedPlace, t: Translate): Promise<string | undefined> {
  const actions = await actionsAt(place);
  const preferred = actions.find(({ isPreferred, edit }) => isPreferred === true && edit !== undefined);
  if (preferred?.edit === undefined) {
    return actions[0]?.title ?? t('There is no fix for {0}.', place.name);
  }
  return (await workspace.applyEdit(preferred.edit)) ? undefined : t('{0} was not changed.', place.name);
}

/** A file that was only just opened may have none for a moment. */
async function actionsAt(place: NamedPlace): Promise<readonly CodeAction[]> {
  const uri = Uri.parse(place.uri);
  await workspace.openTextDocument(uri);
  for (const waitMs of waitsMs) {
    const actions = await commands.executeCommand<readonly CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      rangeOf(place),
      CodeActionKind.QuickFix.value,
      mostResolved,
    );
    if (actions.length > 0) {
      return actions;
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return [];
}

// The preferred one is among the first.
const mostResolved = 5;
const waitsMs = [50, 200, 500, 1_000];

async function report(fixed: number, left: readonly LeftRequirement[], t: Translate): Promise<void> {
  const show = t('Show');
  const needing = left.length === 1 ? t('1 needs you.') : t('{0} need you.', left.length);
  const done = fixed === 0 ? t('Nothing was fixed.') : t('Fixed {0}.', requirementCount(fixed, t));
  const message = [done, ...(left.length === 0 ? [] : [needing])].join(' ');
  const buttons = left.length === 0 ? [] : [show];
  if ((await window.showInformationMessage(`Pinwatch: ${message}`, ...buttons)) === show) {
    await showLeft(left, t);
  }
}

function rangeOf({ line, character }: Place): Range {
  const at = new Position(line, character);
  return new Range(at, at);
}
