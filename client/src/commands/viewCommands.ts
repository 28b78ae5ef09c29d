import { commands, env, Uri, window } from 'vscode';
import { editorCommands, viewCommands } from '../../../protocol/ids.ts';
import type { VulnerableRequirement } from '../../../protocol/messages/findings.ts';
import type { Place } from '../../../protocol/messages/place.ts';
import { severityText } from '../texts/severityText.ts';
import type { Translate } from '../texts/translate.ts';
import type { FindingsNode } from '../views/findingsNodes.ts';
import { type FindingsView, minima } from '../views/findingsView.ts';
import { fixRequirements } from './fixRequirements.ts';
import type { IgnoreWish } from './ignore/ignoreWish.ts';

/** A command of a row or of the view's title: its id, what to say when it fails, and what it does. */
export interface ViewCommand {
  readonly id: string;
  readonly failure: string;
  readonly run: (argument: unknown) => Promise<void>;
}

export function viewCommandTable(view: FindingsView, t: Translate): readonly ViewCommand[] {
  return [
    {
      id: viewCommands.fix,
      failure: t('The requirement could not be fixed.'),
      run: (node) => fixRequirements(requirementsOf(node), t),
    },
    {
      id: viewCommands.ignore,
      failure: t('The advisory could not be ignored.'),
      run: async (node) => {
        const wish = ignoreWishOf(node);
        if (wish !== undefined) await commands.executeCommand(editorCommands.ignoreAdvisory, wish);
      },
    },
    {
      id: viewCommands.stopIgnoring,
      failure: t('The ignore could not be removed.'),
      run: async (node) => {
        if (isNode(node) && node.kind === 'ignored') {
          const { uri, ids, name } = node.ignored;
          await commands.executeCommand(editorCommands.stopIgnoring, { uri, ids, name });
        }
      },
    },
    { id: viewCommands.openAdvisory, failure: t('The advisory could not be opened.'), run: openAdvisory },
    {
      id: viewCommands.copyId,
      failure: t('The id could not be copied.'),
      run: async (node) => {
        const ids = idsOf(node);
        if (ids.length > 0) await env.clipboard.writeText(ids.join('\n'));
      },
    },
    { id: viewCommands.groupByFile, failure: '', run: () => view.groupBy('file') },
    { id: viewCommands.groupByPackage, failure: '', run: () => view.groupBy('package') },
    { id: viewCommands.clearFilter, failure: '', run: () => view.show('none') },
    { id: viewCommands.filter, failure: '', run: () => chooseFilter(view, t) },
  ];
}

async function chooseFilter(view: FindingsView, t: Translate): Promise<void> {
  const picks = minima.map((minimum) => ({
    label: minimum === 'none' ? t('All severities') : t('{0} and above', severityText(minimum, t)),
    ...(minimum === view.minimum ? { description: t('current') } : {}),
    minimum,
  }));
  const title = t('Show findings of which severity?');
  const picked = await window.showQuickPick(picks, { title });
  if (picked !== undefined) {
    await view.show(picked.minimum);
  }
}

/** Addresses come from advisories: only pages are opened. */
async function openAdvisory(node: unknown): Promise<void> {
  const url = isNode(node) && node.kind === 'advisory' ? node.advisory.url : requirementsOf(node)[0]?.url;
  if (url?.startsWith('https://') === true) {
    await env.openExternal(Uri.parse(url));
  }
}

function requirementsOf(node: unknown): readonly VulnerableRequirement[] {
  if (!isNode(node)) {
    return [];
  }
  switch (node.kind) {
    case 'requirement':
    case 'advisory':
      return [node.requirement];
    case 'package':
    case 'file':
      return node.children.flatMap((child) => (child.kind === 'requirement' ? [child.requirement] : []));
    default:
      return [];
  }
}

function ignoreWishOf(node: unknown): IgnoreWish | undefined {
  const places = requirementsOf(node);
  const [first] = places;
  if (first === undefined || !isNode(node)) {
    return undefined;
  }
  if (places.length > 1) {
    // One file that is above them all, and each advisory that any of them has.
    const ids = [...new Set(places.flatMap((one) => one.ids))];
    return { uri: commonAncestor(places.map((one) => one.uri)), name: first.name, ids, at: placeOf(first) };
  }
  const { uri, name, version, ids } = first;
  return node.kind === 'advisory'
    ? { uri, name, version, id: node.advisory.id }
    : { uri, name, version, ids, at: placeOf(first) };
}

function placeOf({ uri, line, character }: VulnerableRequirement): Place {
  return { uri, line, character };
}

/** The address of a file that would lie above all of these, beside the topmost of them. */
function commonAncestor(uris: readonly string[]): string {
  const [first = '', ...others] = uris;
  let folder = first.slice(0, first.lastIndexOf('/') + 1);
  while (folder !== '' && !others.every((uri) => uri.startsWith(folder))) {
    folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  }
  return `${folder}${first.slice(first.lastIndexOf('/') + 1)}`;
}

function idsOf(node: unknown): readonly string[] {
  if (isNode(node) && node.kind === 'advisory') {
    return [node.advisory.id];
  }
  if (isNode(node) && node.kind === 'ignored') {
    return node.ignored.ids;
  }
  return [...new Set(requirementsOf(node).flatMap(({ ids }) => ids))];
}

/** VS Code hands over the row of the view, or nothing where the command is run some other way. */
function isNode(value: unknown): value is FindingsNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'accessibilityLabel' in value;
}
