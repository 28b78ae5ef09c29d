import { isFilledText, isRecord, listOf, type SettingValue } from './settingValue.ts';

/** A finding to live with; the server marks it, and does not hide it. */
export interface IgnoreSetting {
  /** Any id of the advisory; for a malicious package its own. */
  readonly id: string;
  readonly package?: string;
  readonly reason: string;
  /** A day, `2027-01-31`: the ignore ends when it begins (UTC). */
  readonly until?: string;
}

/** One entry that cannot be read makes the list unusable: better nothing ignored than something else. */
export const ignores: SettingValue<readonly IgnoreSetting[]> = listOf(
  asIgnore,
  'a list of { "id", "reason" }, with "package" and "until" (2027-01-31) where wanted',
  {
    type: 'object',
    required: ['id', 'reason'],
    additionalProperties: false,
    properties: {
      id: { type: 'string', minLength: 1 },
      package: { type: 'string', minLength: 1 },
      reason: { type: 'string', minLength: 1 },
      until: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
    },
  },
);

function asIgnore(value: unknown): IgnoreSetting | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const { id, package: name, reason, until, ...others } = value;
  const isUsable =
    isFilledText(id) &&
    isFilledText(reason) &&
    (name === undefined || isFilledText(name)) &&
    (until === undefined || isDay(until)) &&
    Object.keys(others).length === 0;
  return isUsable
    ? Object.freeze({
        id: id.trim(),
        reason,
        ...(name === undefined ? {} : { package: name.trim() }),
        ...(until === undefined ? {} : { until }),
      })
    : undefined;
}

/** A day that exists: a date takes the 31st of February for the 3rd of March. */
function isDay(value: unknown): value is string {
  const text = typeof value === 'string' ? value : '';
  const time = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}
