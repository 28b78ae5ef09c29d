import assert from 'node:assert/strict';
import { type SettingName, settingsTable } from '../../protocol/settings.ts';

/** A usable value of a setting that is not its default, as an editor would send it. */
export function otherSetting(name: SettingName): unknown {
  const { default: usual, value }: { default: unknown; value: { decode(given: unknown): unknown } } =
    settingsTable[name];
  const other = candidates.find((candidate) => {
    const decoded = value.decode(candidate);
    return decoded !== undefined && JSON.stringify(decoded) !== JSON.stringify(usual);
  });
  return other ?? assert.fail(`no usable value of ${settingsTable[name].key} is among the candidates`);
}

const candidates: readonly unknown[] = [
  ...[true, false, 100, 101, 'https://other.example', 'redis://cache.example', '/elsewhere'],
  ...[
    'offline',
    'direct',
    'high',
    'advisory',
    ['*'],
    [{ id: 'CVE-2021-35042', reason: 'not reached' }],
    [{ package: 'django' }],
  ],
  ...[{ allow: ['MIT'] }, { low: 'hint' }, 8],
];
