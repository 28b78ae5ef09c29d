import type { FixAllResult } from '../../../protocol/messages.ts';
import { fileCount } from './counts.ts';
import type { Translate } from './translate.ts';

// More of them are in the list of findings.
const mostLeft = 3;

/** One message on what was fixed, and what was not and why. */
export function fixText(result: FixAllResult, t: Translate): string {
  return [doneText(result, t), ...majorTexts(result, t), ...missingTexts(result, t)].join(' ');
}

function majorTexts({ majors = 0 }: FixAllResult, t: Translate): readonly string[] {
  return majors === 0
    ? []
    : [majors === 1 ? t('1 major update is left for review.') : t('{0} major updates are left for review.', majors)];
}

/** What was not assessed or read may need a fix that nobody knows of. */
function missingTexts({ unchecked = 0, unread = 0 }: FixAllResult, t: Translate): readonly string[] {
  return [
    ...(unchecked === 0
      ? []
      : [
          unchecked === 1
            ? t('1 requirement could not be checked.')
            : t('{0} requirements could not be checked.', unchecked),
        ]),
    ...(unread === 0
      ? []
      : [unread === 1 ? t('1 file could not be read.') : t('{0} files could not be read.', unread)]),
  ];
}

function doneText(result: FixAllResult, t: Translate): string {
  const { applied, previewed, fixed, files, left, majors = 0, unchecked = 0, unread = 0 } = result;
  const isWhole = unchecked === 0 && unread === 0;
  const done =
    fixed === 0
      ? left.length === 0
        ? majors > 0
          ? t('Nothing was changed.')
          : isWhole
            ? t('There is nothing to fix.')
            : t('There is nothing to fix in what was checked.')
        : t('Nothing could be fixed.')
      : !applied
        ? previewed
          ? t('Nothing was changed. Only what is ticked in the preview is.')
          : t('Nothing was changed.')
        : previewed
          ? t('What was ticked in the preview is changed.')
          : fixed === 1
            ? t('1 requirement fixed in {0}.', fileCount(files, t))
            : t('{0} requirements fixed in {1}.', fixed, fileCount(files, t));
  if (left.length === 0 || (fixed > 0 && !applied)) {
    return done;
  }
  const shown = left.slice(0, mostLeft).map(({ name, reason }) => `${name}: ${reason}`);
  const more = left.length > mostLeft ? [t('and {0} more', left.length - mostLeft)] : [];
  const which = [...shown, ...more].join(' ');
  return left.length === 1
    ? `${done} ${t('1 left as it is: {0}', which)}`
    : `${done} ${t('{0} left as they are: {1}', left.length, which)}`;
}
