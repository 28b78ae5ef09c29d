import { type Diagnostic, languages, type QuickPickItem, type Uri, window } from 'vscode';
import { diagnosticCodes, diagnosticSource } from '../../../../protocol/ids.ts';
import {
  advisoriesMethod,
  type AdvisoriesResult,
  type AdvisorySummary,
} from '../../../../protocol/messages/advisories.ts';
import type { PinwatchClient } from '../../languageClient.ts';
import { ratingText } from '../../texts/severityText.ts';
import type { Translate } from '../../texts/translate.ts';
import type { IgnoreWish } from './ignoreWish.ts';

export interface MeantAdvisories {
  readonly file: Uri;
  readonly ids: readonly [string, ...string[]];
  /** The requirement, as people name it; may be empty. */
  readonly subject: string;
}

/** Which advisories are meant: what the wish says, else what the user picks, for a whole requirement or one. */
export async function chosenAdvisories(
  client: PinwatchClient,
  wish: (IgnoreWish & { readonly file: Uri }) | undefined,
  t: Translate,
): Promise<MeantAdvisories | undefined> {
  const subject = [wish?.name ?? '', wish?.version ?? ''].join(' ').trim();
  if (wish?.id !== undefined) {
    return { file: wish.file, ids: [wish.id], subject };
  }
  if (wish?.ids !== undefined) {
    return pick(client, wish.file, [{ subject, ids: wish.ids, at: wish.at }], t);
  }
  const editor = window.activeTextEditor;
  const found = editor === undefined ? [] : languages.getDiagnostics(editor.document.uri).filter(isAdvisory);
  if (editor === undefined || found.length === 0) {
    window.setStatusBarMessage(t('Pinwatch: there is no advisory to ignore in the active editor.'), 5_000);
    return undefined;
  }
  const here = found.filter(({ range }) => range.contains(editor.selection.active));
  const onLine = found.filter(({ range }) => range.start.line === editor.selection.active.line);
  const meant = here.length > 0 ? here : onLine.length > 0 ? onLine : found;
  return pick(client, editor.document.uri, requirementsOf(editor.document.uri.toString(), meant), t);
}

/** All the advisories of one requirement. */
interface Advised {
  readonly subject: string;
  readonly ids: readonly string[];
  /** Where it is, where that is known. */
  readonly at: IgnoreWish['at'];
}

async function pick(
  client: PinwatchClient,
  file: Uri,
  requirements: readonly Advised[],
  t: Translate,
): Promise<MeantAdvisories | undefined> {
  const known = await summariesOf(client, requirements);
  const picks = requirements.flatMap(({ subject, ids }) => [
    ...(ids.length > 1 ? [{ label: t('All {0} advisories of {1}', ids.length, subject), ids, subject }] : []),
    ...ids.map((id) => ({
      label: id,
      ...saidOf(known.get(id), requirements.length === 1 ? '' : subject, t),
      ids: [id],
      subject,
    })),
  ]);
  const only = picks.length === 1 ? picks[0] : undefined;
  const title = t('Which advisory do you want to ignore?');
  const picked = only ?? (await window.showQuickPick(picks, { title, matchOnDescription: true, matchOnDetail: true }));
  const [first, ...others] = picked?.ids ?? [];
  return first === undefined ? undefined : { file, ids: [first, ...others], subject: picked?.subject ?? '' };
}

/** What the server knows of each advisory; nothing of a requirement that has just been edited. */
async function summariesOf(
  client: PinwatchClient,
  requirements: readonly Advised[],
): Promise<ReadonlyMap<string, AdvisorySummary>> {
  const known = new Map<string, AdvisorySummary>();
  for (const { at } of requirements.slice(0, mostAsked)) {
    const { advisories } =
      at === undefined ? { advisories: [] } : await client.request<AdvisoriesResult>(advisoriesMethod, at);
    advisories.forEach((one) => known.set(one.id, one));
  }
  return known;
}

// Nobody reads through more of them.
const mostAsked = 50;

function saidOf(
  advisory: AdvisorySummary | undefined,
  subject: string,
  t: Translate,
): Pick<QuickPickItem, 'description' | 'detail'> {
  const rated = advisory && ratingText(advisory.severity, advisory.score, t);
  const summary = advisory?.summary ?? '';
  return {
    description: [rated ?? '', subject].filter((one) => one !== '').join(' · '),
    ...(summary === '' ? {} : { detail: summary }),
  };
}

/** By what the server attached to the diagnostics; one for each advisory of a requirement stands at the same place. */
function requirementsOf(uri: string, diagnostics: readonly Diagnostic[]): readonly Advised[] {
  const byPlace = new Map<string, Advised>();
  for (const diagnostic of diagnostics) {
    const { start } = diagnostic.range;
    const key = `${start.line}:${start.character}`;
    const { ids = [codeOf(diagnostic)], ...data } = dataOf(diagnostic);
    const before = byPlace.get(key)?.ids ?? [];
    const subject = [data.package ?? '', data.version ?? ''].join(' ').trim();
    byPlace.set(key, {
      subject,
      ids: [...new Set([...before, ...ids])],
      at: { uri, line: start.line, character: start.character },
    });
  }
  return [...byPlace.values()];
}

interface AttachedData {
  readonly ids?: readonly string[];
  readonly package?: string;
  readonly version?: string;
}

/** The language client keeps it beside what VS Code knows; the server is ours. */
function dataOf(diagnostic: Diagnostic): AttachedData {
  return (diagnostic as { readonly data?: AttachedData }).data ?? {};
}

function isAdvisory(diagnostic: Diagnostic): boolean {
  const others: readonly string[] = Object.values(diagnosticCodes);
  // Those of lines that cannot be read are no advisories: they have no page.
  return (
    diagnostic.source === diagnosticSource &&
    typeof diagnostic.code === 'object' &&
    !others.includes(codeOf(diagnostic))
  );
}

function codeOf({ code }: Diagnostic): string {
  return String(typeof code === 'object' ? code.value : (code ?? ''));
}
