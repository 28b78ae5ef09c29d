import type { DecidedBy } from './decidedVersions.ts';

/** Whether a lock follows the line that it has something else for: that of its project, or what was compiled from the file of the line. */
export function isOfLine({ kind }: Pick<DecidedBy, 'kind'>, scope: string | undefined): boolean {
  return kind === 'compiled' || (kind === 'lock' && scope !== undefined);
}
