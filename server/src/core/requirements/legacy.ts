import { skipBlanks } from './characters.ts';
import type { Fault } from './fault.ts';

/**
 * Marks a fault that lies in a specifier which pip before 24.1 still took: operators followed by any text. The rest of
 * the requirement must be a name and extras.
 */
export function legacyCode(fault: Fault, text: string, start: number, end: number): Fault {
  if (fault.code !== 'requirement.invalid-specifier') return fault;
  const match = /^[A-Za-z0-9][A-Za-z0-9._-]*[ \t]*(?:\[[^\]]*\])?/.exec(text.slice(start, end));
  if (match === null || !isLegacySpecifier(text.slice(skipBlanks(text, start + match[0].length, end), end)))
    return fault;
  return { ...fault, code: 'requirement.legacy-specifier', message: `${fault.message} pip before 24.1 accepted it.` };
}

export function isLegacy(fault: Fault): boolean {
  return fault.code.startsWith('requirement.legacy-');
}

function isLegacySpecifier(text: string): boolean {
  const inner = text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
  return inner.split(',').every((clause) => /^(?:===?|~=|!=|<=|>=|<|>)\s*[^,;\s)]+$/.test(clause.trim()));
}
