import type { DatabaseResult } from '../../../protocol/messages.ts';
import type { Wording } from './translate.ts';

/** What became of the local advisory database, in a few sentences; what could not be used is always in it. */
export function databaseText(
  { written, older, problems, setAside, database }: DatabaseResult,
  wording: Wording,
): string {
  const { t, time } = wording;
  const { records, packages, currentAt } = database;
  return [
    t('Pinwatch: {0} advisories read. The local database holds {1} about {2} packages.', written, records, packages),
    currentAt === null ? t('Their age is unknown.') : t('The data are from {0}.', time(currentAt)),
    ...(older === 0 ? [] : [t('{0} were skipped because newer ones were already there.', older)]),
    ...(problems.count === 0
      ? []
      : [t('{0} things in them could not be used; the output names them.', problems.count)]),
    ...(setAside === null ? [] : [t('The old database could not be used and was renamed to {0}.', setAside)]),
  ].join(' ');
}
