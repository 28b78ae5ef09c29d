import assert from 'node:assert/strict';
import { defaultSettings, type Settings } from '../../../../protocol/settings.ts';
import { decodeConfig } from '../../../../server/src/core/config/projectConfig.ts';
import { configuredSettings } from '../../../../server/src/project/workspace/configuredSettings.ts';
import { parseToml } from '../../../../server/src/core/text/toml/parseToml.ts';

describe('settings with the configuration of a project', () => {
  function configured(toml: string, isTrusted: boolean, own: Partial<Settings> = {}): Settings {
    const config = decodeConfig('pinwatch.toml', false, toml, parseToml(toml));
    return configuredSettings({ ...defaultSettings, ...own }, config, isTrusted);
  }
  const fixes = (...parts: Parameters<typeof configured>) => {
    const { fixAllowMajor, fixMinimumReleaseAgeDays } = configured(...parts);
    return [fixAllowMajor, fixMinimumReleaseAgeDays];
  };

  it('take what fixes may do from the project, unless the user says it', () => {
    const toml = '[fix]\nallow-major = true\nminimum-release-age-days = 7\n';
    assert.deepEqual(fixes(toml, true), [true, 7]);
    assert.deepEqual(fixes(toml, true, { fixAllowMajor: false, fixMinimumReleaseAgeDays: 3 }), [false, 3]);
  });

  it('take without trust only what holds fixes back', () => {
    assert.deepEqual(fixes('[fix]\nallow-major = true\nminimum-release-age-days = 7\n', false), [null, 7]);
    assert.deepEqual(fixes('[fix]\nallow-major = false\n', false), [false, 0]);
  });
});
