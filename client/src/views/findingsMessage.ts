import type { FindingsParams } from '../../../protocol/messages/findings.ts';
import { fileCount, requirementCount } from '../texts/counts.ts';
import { gapNotes } from '../texts/gapNotes.ts';
import { severityText } from '../texts/severityText.ts';
import type { Translate } from '../texts/translate.ts';
import type { ActionNode } from './findingsNodes.ts';
import { hiddenCount, type MinimumSeverity } from './findingsTree.ts';

/** What is known beside the findings themselves. */
export interface ViewFacts {
  readonly findings: FindingsParams | undefined;
  /** Requirements files in the folders of the window, looked for by name; `undefined` before they were counted. */
  readonly found: number | undefined;
  readonly hasFolder: boolean;
  readonly isStopped: boolean;
  /** The user has switched Pinwatch off. */
  readonly isOff: boolean;
  readonly minimum: MinimumSeverity;
}

/** The sentences above the list; `undefined` where there is nothing to say yet. No list is ever empty without a reason. */
export function findingsMessage(facts: ViewFacts, t: Translate): string | undefined {
  const { findings, isStopped, isOff } = facts;
  if (isOff) {
    return t('Pinwatch is turned off by the setting "pinwatch.enable".');
  }
  if (isStopped) {
    return t('Pinwatch stopped. Nothing is being checked.');
  }
  if (findings === undefined || (findings.files === 0 && !findings.workspace)) {
    return foundText(facts, t);
  }
  const texts = [
    ...checkedTexts(findings, t),
    ...notCheckedTexts(facts, t),
    ...filterTexts(findings, facts.minimum, t),
  ];
  return texts.join(' ');
}

/** What there is to do besides: a row each. */
export function findingsActions(facts: ViewFacts, t: Translate): readonly ActionNode[] {
  const { findings, found, hasFolder, minimum, isOff } = facts;
  if (isOff) {
    return [];
  }
  const isWhole = findings?.workspace === true;
  const left = (found ?? 0) - (findings?.files ?? 0);
  const hidden = findings === undefined ? 0 : hiddenCount(findings, minimum);
  return [
    ...(hidden > 0 ? [action('clearFilter', t('Clear Filter'), 'clear-all')] : []),
    ...(hasFolder && !isWhole && left > 0 ? [action('scanWorkspace', t('Scan Workspace'), 'search')] : []),
    ...(!hasFolder && (findings?.files ?? 0) > 0 ? [action('openFolder', t('Open Folder'), 'folder-opened')] : []),
  ];
}

function action(kind: ActionNode['action'], label: string, glyph: string): ActionNode {
  return {
    kind: 'action',
    action: kind,
    id: `action:${kind}`,
    label,
    description: '',
    accessibilityLabel: label,
    tooltip: label,
    icon: { glyph },
  };
}

function foundText({ found }: ViewFacts, t: Translate): string | undefined {
  if (found === undefined || found === 0) {
    return undefined;
  }
  return found === 1
    ? t('1 requirements file, not checked yet.')
    : t('{0} requirements files, none checked yet.', found);
}

function checkedTexts(findings: FindingsParams, t: Translate): readonly string[] {
  const { files, requirements, assessed, skipped, pending, headline, vulnerable, unread } = findings;
  if (files === 0) {
    const missed = unread > 0 ? [unreadText(unread, t)] : [];
    return [t('No requirements files found.'), ...missed];
  }
  const looked = t('{0} in {1}', requirementCount(requirements, t), fileCount(files, t));
  if (headline === 'clean' && pending === 0) {
    return [t('No known vulnerabilities in {0}.', looked)];
  }
  if (vulnerable.length === 0 && assessed === 0 && pending === 0 && requirements > 0) {
    return [t('None of {0} could be assessed. Hover over a line to see why.', looked), ...gapTexts(findings, t)];
  }
  if (headline === 'partly' && pending === 0) {
    return [
      t(
        'No known vulnerabilities in {0} of {1}; {2} not assessed. Hover over a line to see why.',
        assessed,
        looked,
        skipped,
      ),
    ];
  }
  const notes = [...gapNotes(findings, t), ...(pending > 0 ? [t('{0} being checked', pending)] : [])];
  return [`${[looked, ...notes].join(', ')}.`];
}

/** What the sentence before does not say: the skipped ones are said there. */
function gapTexts(findings: FindingsParams, t: Translate): readonly string[] {
  const notes = gapNotes({ ...findings, skipped: 0 }, t);
  return notes.length === 0 ? [] : [`${notes.join(', ')}.`];
}

function unreadText(unread: number, t: Translate): string {
  return unread === 1 ? t('1 file could not be read.') : t('{0} files could not be read.', unread);
}

/** Only what is open was looked at. */
function notCheckedTexts({ findings, found, hasFolder }: ViewFacts, t: Translate): readonly string[] {
  if (findings === undefined || findings.workspace) {
    return [];
  }
  if (!hasFolder) {
    return [t('No folder is open, so no other file has been checked.')];
  }
  const left = (found ?? 0) - findings.files;
  if (left <= 0) {
    return [];
  }
  return [left === 1 ? t('1 other file is not checked yet.') : t('{0} other files are not checked yet.', left)];
}

function filterTexts(findings: FindingsParams, minimum: MinimumSeverity, t: Translate): readonly string[] {
  const hidden = hiddenCount(findings, minimum);
  if (minimum === 'none') {
    return [];
  }
  const filter = t('Filter: {0} and above.', severityText(minimum, t));
  return hidden === 0 ? [filter] : [filter, t('{0} hidden.', requirementCount(hidden, t))];
}
