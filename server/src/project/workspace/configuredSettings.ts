import { defaultSettings, type Settings } from '../../../../protocol/settings.ts';
import type { ProjectConfig } from '../../core/config/projectConfig.ts';

/**
 * The settings of a folder with what its configuration says. The user's own settings win. Without trust only what keeps more
 * private or makes stricter holds.
 */
export function configuredSettings(
  settings: Settings,
  config: ProjectConfig | undefined,
  isTrusted: boolean,
): Settings {
  if (config === undefined) {
    return settings;
  }
  const { include = [], exclude = [], privatePackages, problems, hidesPrivacy, path } = config;
  const rules = rulesOf(settings, config);
  const blocked = hidesPrivacy
    ? `${path} has mistakes, and it says which names are private, so nothing is sent until you correct them.`
    : undefined;
  const fault = problems.length > 0 ? `${path} has mistakes, so not all of it holds.` : undefined;
  return Object.freeze({
    ...settings,
    filesInclude: settings.filesInclude.length > 0 ? settings.filesInclude : include,
    filesExclude: settings.filesExclude.length > 0 || !isTrusted ? settings.filesExclude : exclude,
    privatePackages: [...new Set([...settings.privatePackages, ...privatePackages])],
    ...fixSettings(settings, config, isTrusted),
    ...(rules === undefined ? {} : { rules }),
    ...(blocked === undefined || settings.blocked !== undefined ? {} : { blocked }),
    ...(fault === undefined || settings.fault !== undefined ? {} : { fault }),
  });
}

/** How old data may be, by the user or by the configurations of the folders; the strictest counts. */
export function configuredMaxDataAgeDays(
  { offlineMaxDataAgeDays: own }: Settings,
  configs: readonly ProjectConfig[],
  isTrusted: boolean,
): number {
  const said = configs.flatMap(({ maxDataAgeDays }) => maxDataAgeDays ?? []);
  if (own !== defaultSettings.offlineMaxDataAgeDays || said.length === 0) {
    return own;
  }
  const strictest = Math.min(...said);
  return isTrusted ? strictest : Math.min(own, strictest);
}

/** The user's own win. Without trust a project may only hold back: no major updates, and a greater age. */
function fixSettings(
  { fixAllowMajor, fixMinimumReleaseAgeDays: own }: Settings,
  { allowMajor, minimumReleaseAgeDays = 0 }: ProjectConfig,
  isTrusted: boolean,
): Pick<Settings, 'fixAllowMajor' | 'fixMinimumReleaseAgeDays'> {
  const said = isTrusted || allowMajor === false ? allowMajor : undefined;
  return {
    fixAllowMajor: fixAllowMajor ?? said ?? null,
    fixMinimumReleaseAgeDays: own === 0 ? minimumReleaseAgeDays : own,
  };
}

function rulesOf(settings: Settings, config: ProjectConfig): Settings['rules'] {
  const { packages, licences, yanked, archived, quarantined, minimumReleaseAgeDays } = config;
  const rules = {
    // Rules of a kind of the user's take the place of the project's of that kind.
    ...(packages === undefined || settings.policyPackages.length > 0 ? {} : { packages }),
    ...(licences === undefined || Object.keys(settings.policyLicenses).length > 0 ? {} : { licences }),
    ...(yanked === undefined ? {} : { yanked }),
    ...(archived === undefined ? {} : { archived }),
    ...(quarantined === undefined ? {} : { quarantined }),
    ...(minimumReleaseAgeDays === undefined ? {} : { minimumReleaseAgeDays }),
  };
  return Object.keys(rules).length === 0 ? undefined : Object.freeze(rules);
}
