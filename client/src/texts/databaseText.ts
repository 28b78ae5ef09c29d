import type { DatabaseResult } from '../../../protocol/messages/database.ts';
import type { Wording } from './translate.ts';

/** What became of the local advisory database, in a few sentences; what could not be used is always in it. */
export function databaseText(
  { written, older, problems, setAside, database }: DatabaseResult,
  wording: Wording,
): string {
  const { t, time } = wording;
  const { records, packages, currentAt } = database;
  return [
    t('Pinwatch: imported {0} advisories. The local database has {1} for {2} packages.', written, records, packages),
    currentAt === null ? t('Their age is unknown.') : t('Data as of {0}.', time(currentAt)),
    ...(older === 0 ? [] : [t('{0} were skipped because newer ones exist.', older)]),
    ...(problems.count === 0 ? [] : [t('{0} entries could not be read. See the output.', problems.count)]),
    ...(setAside === null ? [] : [t('The old database was unusable and was renamed to {0}.', setAside)]),
  ].join(' ');
}
