import type { Words } from '../core/words/words.ts';

/** How long ago, in words: "just now", "3 min ago", "2 h ago", "4 days ago". Both in milliseconds since the epoch. */
export function ageText(then: number, now: number, { t }: Pick<Words, 't'>): string {
  const minutes = Math.floor(Math.max(0, now - then) / 60_000);
  if (minutes < 1) {
    return t('just now');
  }
  if (minutes < 60) {
    return t('{0} min ago', minutes);
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? t('{0} h ago', hours) : t('{0} days ago', Math.floor(hours / 24));
}
