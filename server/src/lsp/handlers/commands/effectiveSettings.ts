import type {
  EffectiveSettings,
  EffectiveSetting,
} from '../../../../../protocol/messages/figures/effectiveSettings.ts';
import { defaultSettings, settingNames, type Settings, settingsTable } from '../../../../../protocol/settings.ts';
import { effectiveValues } from '../../../core/config/effectiveValues.ts';
import type { ProjectConfig } from '../../../core/config/projectConfig.ts';
import { maskSecrets } from '../../../core/text/maskSecrets.ts';
import { nameOf } from '../../../project/fileId.ts';
import { settingsFor } from '../../../project/workspace/settingsSnapshot.ts';
import type { Session } from '../../session.ts';

/** Which settings hold in each folder, and who says so: the user, a file of the project, or nobody. */
export function effectiveSettingsOf({
  workspace,
  settings,
  configs,
}: Pick<Session, 'workspace' | 'settings' | 'configs'>): EffectiveSettings {
  const given = settings.given ?? workspace.settings;
  const { folders, settings: inForce } = workspace;
  const window = { name: '', values: valuesOf(inForce.window, given.window, undefined) };
  return {
    folders:
      folders.length === 0
        ? [window]
        : folders.map((id) => ({
            name: nameOf(id),
            values: valuesOf(settingsFor(inForce, id), settingsFor(given, id), configs.configOf(id)),
          })),
  };
}

function valuesOf(inForce: Settings, given: Settings, config: ProjectConfig | undefined): readonly EffectiveSetting[] {
  const own = settingNames.map((name): EffectiveSetting => {
    const text = textOf(inForce[name]);
    const from =
      text === textOf(given[name])
        ? text === textOf(defaultSettings[name])
          ? 'default'
          : 'settings'
        : (config?.path ?? 'settings');
    return { key: `pinwatch.${settingsTable[name].key}`, value: text, from };
  });
  const ofProject = effectiveValues(config)
    .filter(({ from }) => from === config?.path)
    .map(({ key, value, from }) => ({ key, value: textOf(value), from }));
  return [...own, ...ofProject];
}

function textOf(value: unknown): string {
  return maskSecrets(JSON.stringify(value));
}
