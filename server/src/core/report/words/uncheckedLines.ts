import type { Range } from '../../text/position.ts';
import { brokenOffText } from './brokenOffText.ts';
import { condaTogether } from './condaPackages.ts';
import { outcomeReason } from './outcomeReason.ts';
import { plainText } from '../../text/plainText.ts';
import { isRemark, type ScanReport } from '../scanReport.ts';

/** A line that was not assessed, not even read, or has text without effect (`ignored`), and why. */
export interface UncheckedLine {
  readonly kind: 'failed' | 'skipped' | 'unread' | 'ignored';
  readonly path: string;
  readonly range: Range;
  /** Stable: the outcome's reason or the problem's code. */
  readonly code: string;
  /** Plain text on one line, which names the package. */
  readonly message: string;
}

/** Everything that a report cannot vouch for, in the order of the files; each line once, the conda packages of a file together. */
export function uncheckedLines({ files }: ScanReport): readonly UncheckedLine[] {
  return files.flatMap((file) => {
    const { path, problems } = file;
    const { requirements, conda } = condaTogether(file.requirements);
    return [
      ...(conda === undefined ? [] : [{ kind: 'skipped', path, code: 'conda', ...conda } as const]),
      ...requirements.flatMap(({ name, tokenRange, outcome }): readonly UncheckedLine[] => {
        // A line that could not be read has a problem that says so.
        if (outcome.kind === 'assessed') {
          const brokenOff = brokenOffText(name, outcome);
          return brokenOff === undefined
            ? []
            : [{ kind: 'failed', path, range: tokenRange, code: 'brokenOff', message: brokenOff }];
        }
        if (outcome.reason === 'invalid') {
          return [];
        }
        const verb = outcome.kind === 'failed' ? 'could not be checked' : 'was not assessed';
        const message = `${plainText(name, 100)} ${verb} (${plainText(outcomeReason(outcome) ?? '')})`;
        return [{ kind: outcome.kind, path, range: tokenRange, code: outcome.reason, message }];
      }),
      ...problems.map((problem): UncheckedLine => {
        const { range, code, message } = problem;
        return { kind: isRemark(problem) ? 'ignored' : 'unread', path, range, code, message: plainText(message) };
      }),
    ];
  });
}
