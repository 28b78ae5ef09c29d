import { skipBlanks } from '../../../text/characters.ts';
import type { Fault } from '../../pep508/fault.ts';
import { scanVersion, type VersionForm } from '../../pep508/versionText.ts';

/**
 * Marks a fault that lies in a specifier which pip before 24.1 still took: operators followed by any text. The rest of
 * the requirement must be a name and extras.
 */
export function legacyCode(fault: Fault, text: string, start: number, end: number): Fault {
  if (fault.code !== 'requirement.invalid-specifier') return fault;
  const match = namePattern.exec(text.slice(start, end));
  if (match === null || !isLegacySpecifier(text.slice(skipBlanks(text, start + match[0].length, end), end)))
    return fault;
  return { ...fault, code: 'requirement.legacy-specifier', message: `${fault.message} pip before 24.1 accepted it.` };
}

export function isLegacy(fault: Fault): boolean {
  return fault.code.startsWith('requirement.legacy-');
}

/** A name and extras. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*[ \t]*(?:\[[^\]]*\])?/;

/** `~=` never had a legacy form, and `===` swallowed the commas. */
function isLegacySpecifier(text: string): boolean {
  if (text.includes('===')) return false;
  const inner = text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
  return inner.split(',').every((clause) => isLegacyClause(clause.trim()));
}

function isLegacyClause(clause: string): boolean {
  if (!clause.startsWith('~=')) return /^(?:==|!=|<=|>=|<|>)\s*[^;\s)]+$/.test(clause);
  const version = clause.slice(2).trimStart();
  return scanVersion(version, 0, compatibleForm) === version.length;
}

const compatibleForm: VersionForm = { wildcard: false, local: false, minimumReleaseParts: 2 };
