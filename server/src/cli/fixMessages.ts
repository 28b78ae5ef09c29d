import type { FixedRequirement } from '../core/fixes/fixFiles.ts';
import type { FixedProject } from '../project/fixing/fix.ts';
import type { Log } from '../engine/ports.ts';

interface Message {
  readonly level: keyof Log;
  readonly message: string;
}

/** What was changed and what was not, and why. */
export function fixMessages(
  { fixed, left, faults, unwritten, changed, isInterrupted }: FixedProject,
  isDry = false,
): readonly Message[] {
  if (isInterrupted) {
    return [{ level: 'warn', message: 'no file was changed: the scan was interrupted' }];
  }
  const rest = left.length + unwritten;
  const later = fixed.filter(({ todo }) => todo !== undefined).length;
  const files = changed.size === 1 ? '1 file' : `${changed.size} files`;
  return [
    ...faults.map((message) => ({ level: 'error', message }) as const),
    ...(isDry ? [] : fixed.flatMap(fixedMessages)),
    ...left.map(({ source, line, name, from, reason }) => ({
      level: 'warn' as const,
      message: `${source}:${line + 1}: ${`${name} ${from}`.trim()} is unchanged: ${reason}`,
    })),
    {
      level: 'info',
      message: [
        `${files} ${isDry ? 'would change' : 'changed'}: ${fixed.length - later} fixed`,
        ...(later === 0 ? [] : [`${later} fixed once compiled or locked again`]),
        ...(rest === 0 ? [] : [`${rest} unchanged`]),
      ].join(', '),
    },
  ];
}

function fixedMessages(one: FixedRequirement): readonly Message[] {
  const { source, line, name, todo } = one;
  const done: Message = { level: 'info', message: fixedText(one) };
  return todo === undefined
    ? [done]
    : [done, { level: 'warn', message: `${source}:${line + 1}: ${name} is not fixed yet. ${todo}` }];
}

function fixedText({ source, line, name, from, target, verified, changedIn, step, notes }: FixedRequirement): string {
  const elsewhere = changedIn.filter((path) => path !== source);
  const where = elsewhere.length === 0 ? '' : ` in ${elsewhere.join(', ')}`;
  const all = [
    ...(step === undefined ? [] : [step]),
    ...notes,
    ...(verified ? [] : ['not checked against a package index']),
  ];
  const note = all.length === 0 ? '' : ` (${all.join('; ')})`;
  return `${source}:${line + 1}: ${`${name} ${from}`.trim()} changed to ${target}${where}${note}`;
}
