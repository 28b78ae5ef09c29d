import { advisoryCount } from './counts.ts';
import type { Translate } from './translate.ts';

/** What an ignore is about, and where it is written. */
export interface IgnoreScope {
  readonly ids: readonly string[];
  /** The requirement, as people name it; empty where it is not known. */
  readonly subject: string;
  /** The file, as people name it. */
  readonly file: string;
  /** There is no such file yet. */
  readonly isNew: boolean;
  /** The folder below which it holds, as people name it; empty for that of the workspace. */
  readonly folder: string;
}

/** "CVE-2021-1", or how many advisories, and of what where that is known. */
export function ignoredText(ids: readonly string[], t: Translate, subject = ''): string {
  const what = ids.length === 1 ? (ids[0] ?? '') : advisoryCount(ids.length, t);
  return subject === '' ? what : `${what} (${subject})`;
}

/** Asks for the reason; says before anything is written where it goes, and what it reaches. */
export function reasonPrompt({ file, isNew, folder }: IgnoreScope, t: Translate): string {
  const place = isNew ? t('{0} (new file)', file) : file;
  const reach =
    folder === ''
      ? t('The ignore applies to all requirements files of this folder.')
      : t('The ignore applies to all requirements files in {0}.', folder);
  return [t('Why can this be ignored? Your reason is saved in {0}.', place), reach].join(' ');
}

/** Afterwards. `until`: a day in words. */
export function ignoreDoneText({ ids, subject, file }: IgnoreScope, until: string | undefined, t: Translate): string {
  const what = ignoredText(ids, t, subject);
  return until === undefined
    ? t('Pinwatch: {0} ignored in {1}.', what, file)
    : t('Pinwatch: {0} ignored until {1} in {2}.', what, until, file);
}

/** Why a day cannot be the last one of an ignore; `undefined` where it can. */
export function untilProblem(day: string, today: string, t: Translate): string | undefined {
  const isDay = /^\d{4}-\d{2}-\d{2}$/u.test(day) && new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) === day;
  if (!isDay) {
    return t('Enter a day such as {0}.', today);
  }
  return day <= today ? t('Enter a day in the future.') : undefined;
}
