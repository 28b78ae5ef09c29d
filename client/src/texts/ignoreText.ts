import type { Translate } from './translate.ts';

/** What an ignore is about, and where it is written. */
export interface IgnoreScope {
  readonly ids: readonly string[];
  /** The file, as people name it. */
  readonly file: string;
  /** There is no such file yet. */
  readonly isNew: boolean;
  /** The folder below which it holds, as people name it; empty for that of the workspace. */
  readonly folder: string;
}

/** "CVE-2021-1", or how many advisories. */
export function ignoredText(ids: readonly string[], t: Translate): string {
  return ids.length === 1 ? (ids[0] ?? '') : t('{0} advisories', ids.length);
}

/** Asks for the reason; says before anything is written where it goes, and what it reaches. */
export function reasonPrompt({ file, isNew, folder }: IgnoreScope, t: Translate): string {
  const place = isNew ? t('{0} (new file)', file) : file;
  const reach =
    folder === ''
      ? t('It applies to all requirements files of this folder.')
      : t('It applies to all requirements files in {0}.', folder);
  return [t('Why can this be ignored? Your reason is saved in {0}.', place), reach].join(' ');
}

/** Afterwards. `until`: a day in words. */
export function ignoreDoneText({ ids, file }: IgnoreScope, until: string | undefined, t: Translate): string {
  const what = ignoredText(ids, t);
  return until === undefined
    ? t('Pinwatch: {0} ignored ({1}).', what, file)
    : t('Pinwatch: {0} ignored until {1} ({2}).', what, until, file);
}

/** Why a day cannot be the last one of an ignore; `undefined` where it can. */
export function untilProblem(day: string, today: string, t: Translate): string | undefined {
  const isDay = /^\d{4}-\d{2}-\d{2}$/u.test(day) && new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) === day;
  if (!isDay) {
    return t('Enter a day such as {0}.', today);
  }
  return day <= today ? t('Enter a day in the future.') : undefined;
}
