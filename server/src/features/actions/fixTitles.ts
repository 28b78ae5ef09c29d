import type { FixPlan } from '../../core/fixes/fixPlan.ts';
import { plainText } from '../../core/text/plainText.ts';

/** "Change django to 4.2.16 (nearest safe, major)". `elsewhere`: the names of the other files that it changes. */
export function fixTitle(name: string, plan: FixPlan, elsewhere: readonly string[]): string {
  const subject = shownName(name);
  const target = plainText(plan.target, 80);
  const places = elsewhere.map((file) => plainText(file, 80));
  if (plan.todo?.kind === 'compile' && places.length > 0) {
    const outside = plan.kind === 'outside' ? [outsideText(plan)] : [];
    const all = [...outside, ...(plan.step === undefined ? [] : [plan.step])];
    const notes = all.length === 0 ? '' : ` (${all.join(', ')})`;
    return `Change ${subject} to ${target}${notes} in ${places.join(', ')}, then compile again`;
  }
  if (plan.kind === 'exclude') {
    return `Exclude ${target} from ${subject}${plan.verified ? '' : ' (not verified)'}`;
  }
  const what = plan.kind === 'outside' ? outsideText(plan) : `${plan.kind} safe`;
  const notes = [what, ...(plan.step === undefined ? [] : [plan.step]), ...places.map((file) => `in ${file}`)];
  if (target === '') return unknownFixTitle(name);
  const said = [...notes, ...notesOf(plan)].join(', ');
  return plan.todo?.kind === 'lock'
    ? `Change ${subject} to ${target} (${said}), then lock again`
    : `Change ${subject} to ${target} (${said})`;
}

/** "outside of <2 at constraints.txt:3" */
function outsideText({ outsideOf = '' }: FixPlan): string {
  return `outside of ${plainText(outsideOf, 160)}`;
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
