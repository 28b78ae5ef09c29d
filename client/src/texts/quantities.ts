import type { Translate } from './translate.ts';

/** "3.2 MiB": one decimal below ten. */
export function sizeText(bytes: number, t: Translate): string {
  const kib = bytes / 1024;
  return kib < 1024 ? t('{0} KiB', rounded(kib)) : t('{0} MiB', rounded(kib / 1024));
}

/** "4 min", "2 h 5 min". */
export function uptimeText(seconds: number, t: Translate): string {
  if (seconds < 60) {
    return t('{0} s', Math.round(seconds));
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? t('{0} min', minutes) : t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}

function rounded(value: number): number {
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
}
