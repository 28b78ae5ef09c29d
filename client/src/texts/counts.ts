import type { Translate } from './translate.ts';

export function requirementCount(count: number, t: Translate): string {
  return count === 1 ? t('1 requirement') : t('{0} requirements', count);
}

export function advisoryCount(count: number, t: Translate): string {
  return count === 1 ? t('1 advisory') : t('{0} advisories', count);
}

export function fileCount(count: number, t: Translate): string {
  return count === 1 ? t('1 file') : t('{0} files', count);
}

export function percent(rate: number, t: Translate): string {
  return t('{0} %', Math.round(rate * 100));
}
