import type { FixPlan } from '../../core/fixes/fixPlan.ts';
import { plainText } from '../../core/text/plainText.ts';

/** "Change django to 4.2.16 (nearest safe, major)". `elsewhere`: the names of the other files that it changes. */
export function fixTitle(name: string, plan: FixPlan, elsewhere: readonly string[]): string {
  const subject = shownName(name);
  const target = plainText(plan.target, 80);
  const places = elsewhere.map((file) => plainText(file, 80));
  if (plan.todo !== undefined && places.length > 0) {
    const notes = plan.step === undefined ? '' : ` (${plan.step})`;
    return `Change ${subject} to ${target}${notes} in ${places.join(', ')}, then compile again`;
  }
  if (plan.kind === 'exclude') {
    return `Exclude ${target} from ${subject}${plan.verified ? '' : ' (not verified)'}`;
  }
  const what = plan.kind === 'outside' ? `outside of ${plainText(plan.outsideOf ?? '', 60)}` : `${plan.kind} safe`;
  const notes = [what, ...(plan.step === undefined ? [] : [plan.step]), ...places.map((file) => `in ${file}`)];
  return target === ''
    ? unknownFixTitle(name)
    : `Change ${subject} to ${target} (${[...notes, ...notesOf(plan)].join(', ')})`;
}

export function unknownFixTitle(name: string): string {
  return `Change ${shownName(name)} to a safe version`;
}

export function shownName(name: string): string {
  return plainText(name, 80);
}

function notesOf({ verified, requiresPython, lostPythons, isYoung }: FixPlan): readonly string[] {
  const python =
    lostPythons !== undefined
      ? [`not for Python ${lostPythons}`]
      : requiresPython === undefined
        ? []
        : [`needs Python ${plainText(requiresPython, 40)}`];
  return [...(verified ? [] : ['not verified']), ...python, ...(isYoung === true ? ['released recently'] : [])];
}
