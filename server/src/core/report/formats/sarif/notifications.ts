import type { Headline } from '../../words/headline.ts';
import type { Level } from '../../levels.ts';
import { type MissingNote, missingNotes } from '../../reportedFindings.ts';
import type { ScanReport } from '../../scanReport.ts';
import { skippedPathText } from '../../skippedPaths.ts';
import { type UncheckedLine, uncheckedLines } from '../../words/uncheckedLines.ts';
import { plainText } from '../../../text/plainText.ts';
import { leftOutText, type SarifLimits } from './limits.ts';
import { messageText } from './messageText.ts';
import { location } from './places.ts';

/** What the notifications of a run are about, and how loud they are as a rule. */
export const notificationKinds = [
  ['failed', 'A requirement could not be checked.', 'error'],
  ['skipped', 'A requirement was not assessed.', 'note'],
  ['unread', 'A line or a file could not be read.', 'error'],
  ['ignored', 'A text has no effect.', 'warning'],
  ['ignore', 'An ignore does nothing, or could not be read.', 'warning'],
  ['incomplete', 'The scan is incomplete.', 'error'],
  ['skippedPath', 'A file or folder was left out of the search.', 'note'],
  ['unjudged', 'The rules could not be checked.', 'error'],
  ['unknownScope', 'No requirement is in a scope that was asked for.', 'error'],
  ['limit', 'The report would be longer than code scanning takes.', 'warning'],
] as const;

const notificationLevels: Readonly<Record<UncheckedLine['kind'], Level>> = {
  failed: 'error',
  unread: 'error',
  skipped: 'note',
  ignored: 'warning',
};

const missingCodes: Readonly<Record<MissingNote['kind'], string>> = {
  unread: 'file',
  unjudged: 'rules',
  unknownScope: 'scope',
};

/** What the scan as a whole cannot vouch for. */
export function headlineNotifications({ isComplete, gaps }: Headline): readonly object[] {
  if (!isComplete) {
    return [notification('incomplete', 'error', `This scan is incomplete: ${gaps.join(', ')}.`, 'incomplete', [])];
  }
  return gaps.length === 0 ? [] : [notification('skipped', 'warning', `${gaps.join(', ')}.`, 'skipped', [])];
}

/** That the report was cut. */
export function limitNotifications(shown: number, total: number): readonly object[] {
  return shown === total ? [] : [notification('limit', 'warning', leftOutText(shown, total), 'limit.results', [])];
}

/** What could not be checked comes before what was skipped or has no effect. */
function noise({ kind }: UncheckedLine): number {
  return kind === 'skipped' || kind === 'ignored' ? 1 : 0;
}

/** What could not be checked, at its place. */
export function executionNotifications(
  report: ScanReport,
  paths: ReadonlyMap<string, number>,
  limits: SarifLimits,
): readonly object[] {
  const lines = uncheckedLines(report);
  const rest = lines.length - limits.notifications;
  // What failed is worse than what was skipped; else in the order of the files.
  const ordered = rest > 0 ? lines.toSorted((a, b) => noise(a) - noise(b)) : lines;
  const more = `${rest} more lines were not assessed or not read; the JSON report has all.`;
  return [
    ...ordered
      .slice(0, limits.notifications)
      .map(({ kind, path, range, code, message }) =>
        notification(kind, notificationLevels[kind], message, code, [location(path, range, paths)]),
      ),
    ...(rest > 0 ? [notification('limit', 'warning', more, 'limit.notifications', [])] : []),
    ...missingNotes(report).map(({ kind, message }) =>
      notification(kind, 'error', plainText(message), missingCodes[kind], []),
    ),
    ...(report.skippedPaths ?? []).map((one) => notification('skippedPath', 'note', skippedPathText(one), 'path', [])),
  ];
}

/** One notification; `code` says more exactly what it is about. */
export function notification(
  kind: (typeof notificationKinds)[number][0],
  level: Level,
  text: string,
  code: string,
  locations: readonly object[],
): object {
  const index = notificationKinds.findIndex(([id]) => id === kind);
  return {
    descriptor: { id: kind, index },
    level,
    message: { text: messageText(text) },
    ...(locations.length === 0 ? {} : { locations }),
    properties: { code },
  };
}
