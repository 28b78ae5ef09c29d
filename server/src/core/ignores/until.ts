/** When an ignore ends. */
export interface Until {
  /** As written, in ISO 8601. */
  readonly text: string;
  readonly endsAtMs: number;
}

/**
 * A day or an instant of ISO 8601; `undefined` where it is neither. An ignore ends when the day begins, as osv-scanner
 * has it. Without an offset it is UTC, so that a file means the same on every machine.
 */
export function untilOf(text: string): Until | undefined {
  const [, day, time, offset] = isoTime.exec(text) ?? [];
  if (day === undefined) {
    return undefined;
  }
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  const endsAtMs = Date.parse(`${day}T${time ?? '00:00:00'}${(offset ?? 'Z').toUpperCase()}`);
  // Date takes the 31st of February for the 3rd of March.
  const exists = Number.isFinite(midnightMs) && new Date(midnightMs).toISOString().startsWith(day);
  return exists && Number.isFinite(endsAtMs) ? { text, endsAtMs } : undefined;
}

const isoTime = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)([Zz]|[+-]\d{2}:\d{2})?)?$/;
