import type { PassedOver } from '../../core/assessment/fixAdvice.ts';
import type { FixPlan } from '../../core/fixes/planFixes.ts';
import { plainText, listText } from '../../core/text/plainText.ts';
import { fileName } from './workspaceEdit.ts';

/** "Change django to 4.2.16 (nearest safe)"; of what is malicious nothing is called a step up. */
export function fixTitle(name: string, plan: FixPlan, isMalicious: boolean, here: string): string {
  const subject = shownName(name);
  const target = plainText(plan.target, 80);
  const notes = notesOf(plan);
  if (plan.kind === 'exclude') {
    return `Exclude ${target} from ${subject}${plan.verified ? '' : ' (not verified)'}`;
  }
  if (isMalicious) {
    return `Keep malicious releases of ${subject} out${plan.edit.kind === 'edit' ? `: ${target}` : ''}`;
  }
  return target === ''
    ? unknownFixTitle(name)
    : `Change ${subject} to ${target} (${[`${plan.kind} safe`, ...elsewhere(plan, here), ...notes].join(', ')})`;
}

export function unknownFixTitle(name: string): string {
  return `Change ${shownName(name)} to a safe version`;
}

/** The same for an edit of the file that another was compiled from. */
export function sourceFixTitle(name: string, plan: FixPlan, file: string): string {
  return `Change ${shownName(name)} to ${plainText(plan.target, 80)} in ${plainText(file, 80)}, then compile again`;
}

/** Why there is no version to go to. */
export function noSafeVersionText(name: string, passedOver: readonly PassedOver[]): string {
  const lower = passedOver.map(passedOverText);
  const why = lower.length === 0 ? '' : ` ${listText(lower, 3)}.`;
  return `No safe version of ${shownName(name)} is known.${why}`;
}

export function shownName(name: string): string {
  return plainText(name, 80);
}

/** The other files that it changes: nobody sees it happen there. */
function elsewhere({ edit }: FixPlan, here: string): readonly string[] {
  const sources =
    edit.kind === 'edit' ? edit.edits.map(({ source }) => source).filter((source) => source !== here) : [];
  return [...new Set(sources)].map((source) => `in ${plainText(fileName(source), 80)}`);
}

function notesOf({ verified, requiresPython }: FixPlan): readonly string[] {
  return [
    ...(verified ? [] : ['not verified']),
    ...(requiresPython === undefined ? [] : [`needs Python ${plainText(requiresPython, 40)}`]),
  ];
}

function passedOverText({ version, reason, affectedBy }: PassedOver): string {
  const shown = plainText(version, 40);
  switch (reason) {
    case 'affected':
      return `${shown} has ${plainText(listText(affectedBy, 2), 80)}`;
    case 'prerelease':
      return `${shown} is a pre-release`;
    case 'yanked':
      return `${shown} is yanked`;
    case 'missing':
      return `${shown} is not on the index`;
  }
}
