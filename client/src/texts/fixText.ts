import type { FixAllResult } from '../../../protocol/messages/fixAll.ts';
import { fileCount, requirementCount } from './counts.ts';
import type { Translate } from './translate.ts';

/** One message on what was fixed, and how much was not: a list of those says the rest. */
export function fixText(result: FixAllResult, t: Translate): string {
  return [doneText(result, t), ...majorTexts(result, t), ...leftTexts(result, t), ...missingTexts(result, t)].join(' ');
}

function majorTexts({ majors = 0 }: FixAllResult, t: Translate): readonly string[] {
  return majors === 0
    ? []
    : [majors === 1 ? t('1 major update is left for review.') : t('{0} major updates are left for review.', majors)];
}

/** Whether there is more to say than the message does. */
export function isSomethingLeft({ left, fixed, applied }: FixAllResult): boolean {
  return left.length > 0 && (fixed === 0 || applied);
}

function doneText(result: FixAllResult, t: Translate): string {
  const { applied, previewed, fixed, files, left, majors = 0, unchecked = 0, unread = 0 } = result;
  if (fixed === 0) {
    const isWhole = unchecked === 0 && unread === 0;
    return left.length > 0 || majors > 0
      ? t('Nothing was fixed.')
      : isWhole
        ? t('Nothing to fix.')
        : t('Nothing to fix in what was checked.');
  }
  if (!applied) {
    return previewed ? t('No updates were selected, so nothing changed.') : t('Nothing was changed.');
  }
  if (previewed) {
    return t('The selected updates are applied.');
  }
  const what = requirementCount(fixed, t);
  return files === 1 ? t('Fixed {0}.', what) : t('Fixed {0} in {1}.', what, fileCount(files, t));
}

function leftTexts(result: FixAllResult, t: Translate): readonly string[] {
  if (!isSomethingLeft(result)) {
    return [];
  }
  const { left } = result;
  return [left.length === 1 ? t('1 needs you.') : t('{0} need you.', left.length)];
}

/** What was not assessed or read may need a fix that nobody knows of. */
function missingTexts({ unchecked = 0, unread = 0 }: FixAllResult, t: Translate): readonly string[] {
  return [
    ...(unchecked === 0 ? [] : [t('{0} not assessed.', requirementCount(unchecked, t))]),
    ...(unread === 0 ? [] : [t('{0} could not be read.', fileCount(unread, t))]),
  ];
}
