import assert from 'node:assert/strict';
import { decodeSettings } from '../../../../protocol/decodeSettings.ts';
import type { SettingDefinition } from '../../../../protocol/defineSettings.ts';
import { defaultSettings, settingNames, settingsTable } from '../../../../protocol/settings.ts';
import { folderSettings } from '../../../../server/src/project/workspace/settingsSnapshot.ts';
import { otherSetting } from '../../../support/otherSetting.ts';

describe('settings of a folder', () => {
  for (const name of settingNames) {
    const { key, scope }: SettingDefinition = settingsTable[name];
    const isOwn = scope === 'resource';

    it(`${isOwn ? 'decide' : 'do not decide'} about ${key}`, () => {
      const { settings: folder } = decodeSettings({ [key]: otherSetting(name) });
      assert.deepEqual(folderSettings(defaultSettings, folder), isOwn ? folder : defaultSettings);
      assert.deepEqual(folderSettings(folder, defaultSettings), isOwn ? defaultSettings : folder);
    });

    it(`${isOwn ? 'block or fault' : 'say nothing'} where ${key} is unusable in them, if the window would`, () => {
      const bad = { [key]: { no: 'such value' } };
      const fallback = { offline: { mode: 'fallback' } };
      const ofWindow = decodeSettings(bad, fallback).settings;
      const ofFolder = decodeSettings(bad, undefined, decodeSettings(fallback).settings).settings;
      const said = isOwn ? [ofWindow.blocked, ofWindow.fault] : [undefined, undefined];
      assert.deepEqual([ofFolder.blocked, ofFolder.fault], said);
    });
  }
});
