import type { ProjectConfig } from './projectConfig.ts';

/** One setting as it holds, and who says so. */
export interface EffectiveValue {
  /** As `pinwatch.toml` has it. */
  readonly key: string;
  readonly value: unknown;
  /** For people: a file, an option, "the default". */
  readonly from: string;
}

/** What a configuration comes to, every key of it. `options`: what the command line says in place of it, by key. */
export function effectiveValues(
  config: ProjectConfig | undefined,
  options: Readonly<Record<string, unknown>> = {},
): readonly EffectiveValue[] {
  const value = (key: string, own: unknown, usual: unknown): EffectiveValue => {
    const option = options[key];
    if (option !== undefined) {
      return { key, value: option, from: `--${key}` };
    }
    return own === undefined || config === undefined
      ? { key, value: usual, from: 'the default' }
      : { key, value: own, from: config.path };
  };
  /** An empty table or list says nothing. */
  const said = <T extends object>(given: T | undefined): T | undefined =>
    given === undefined || Object.keys(given).length === 0 ? undefined : given;
  return [
    value('fail-on', config?.failOn, 'any'),
    value('include', config?.include, []),
    value('exclude', config?.exclude, []),
    value('max-data-age', config?.maxDataAgeDays, 7),
    value('ignore', said(config?.ignores.ignores.map(ignoreValue)), []),
    value('privacy.private-packages', said(config?.privatePackages), []),
    value('policy.packages', said(config?.packages), {}),
    value('policy.licenses', said(config?.licences), {}),
    value('policy.yanked', config?.yanked, 'off'),
    value('policy.archived', config?.archived, 'off'),
    value('policy.quarantined', config?.quarantined, 'off'),
    value('fix.minimum-release-age-days', config?.minimumReleaseAgeDays, 0),
    value('fix.allow-major', config?.allowMajor, null),
  ];
}

function ignoreValue({ id, package: name, reason, until }: ProjectConfig['ignores']['ignores'][number]): object {
  return {
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { package: name }),
    ...(reason === '' ? {} : { reason }),
    ...(until === undefined ? {} : { until: until.text }),
  };
}
