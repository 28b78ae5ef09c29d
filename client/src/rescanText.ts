import type { RescanResult } from '../../protocol/messages.ts';

/** One sentence; what could not be checked is always in it. */
export function rescanText({ files, requirements, vulnerable, failed }: RescanResult): string {
  if (files === 0) {
    return 'no requirements files found.';
  }
  const unchecked = failed > 0 ? `, ${failed} could not be checked` : '';
  return `${counted(requirements, 'requirement')} in ${counted(files, 'file')}: ${vulnerable} vulnerable${unchecked}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
