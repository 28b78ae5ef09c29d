import { isRecord, oneOf, type SettingSchema, type SettingValue } from './settingValue.ts';

export type DiagnosticLevel = (typeof levels)[number];
export type SeverityKey = Exclude<keyof typeof defaultDiagnosticLevels, 'notAssessed'>;

/** `notAssessed`: lines that are skipped, as those that ask for a URL. The hover and the counts always name them. */
export type DiagnosticLevels = Readonly<Record<SeverityKey, DiagnosticLevel>> & {
  readonly notAssessed: DiagnosticLevel | 'off';
};

export const levels = ['error', 'warning', 'information', 'hint'] as const;
const levelsOrOff = [...levels, 'off'] as const;

export const defaultDiagnosticLevels = Object.freeze({
  malicious: 'error',
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'information',
  none: 'information',
  unknown: 'warning',
  possiblyVulnerable: 'information',
  failed: 'information',
  notAssessed: 'off',
} as const);

/** What the map does not name keeps its default. */
export const diagnosticLevels: SettingValue<DiagnosticLevels> = {
  decode: asLevels,
  expected: 'a map from severity to error, warning, information or hint',
  schema: {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(defaultDiagnosticLevels).map(([key, level]) => [key, levelSchema(key, level)]),
    ),
    additionalProperties: false,
  },
};

function levelSchema(key: string, level: string): SettingSchema {
  // Malicious packages are never drawn below an error.
  const choices = key === 'malicious' ? ['error'] : key === 'notAssessed' ? levelsOrOff : levels;
  return { type: 'string', enum: choices, default: level };
}

function asLevels(value: unknown): DiagnosticLevels | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const { notAssessed: usual, ...defaults } = defaultDiagnosticLevels;
  const { notAssessed = usual, ...others } = value;
  const map: Record<SeverityKey, DiagnosticLevel> = { ...defaults };
  for (const [key, level] of Object.entries(others)) {
    const decoded = oneOf(levels).decode(level);
    if (!Object.hasOwn(map, key) || decoded === undefined) {
      return undefined;
    }
    map[key as SeverityKey] = decoded;
  }
  const skippedLevel = oneOf(levelsOrOff).decode(notAssessed);
  return skippedLevel && Object.freeze({ ...map, malicious: 'error', notAssessed: skippedLevel });
}
