/** Where pip's option parser puts a value: the names it uses itself. */
export type OptionDestination =
  | 'index_url'
  | 'extra_index_urls'
  | 'no_index'
  | 'constraints'
  | 'requirements'
  | 'editables'
  | 'find_links'
  | 'no_binary'
  | 'only_binary'
  | 'prefer_binary'
  | 'require_hashes'
  | 'no_require_hashes'
  | 'pre'
  | 'all_releases'
  | 'only_final'
  | 'trusted_hosts'
  | 'features_enabled'
  | 'hashes'
  | 'config_settings';

export interface OptionDefinition {
  readonly destination: OptionDestination;
  readonly short?: string;
  readonly long: readonly string[];
  readonly takesValue: boolean;
}

/** Every option that pip 26 reads in a requirements file. */
export const optionDefinitions: readonly OptionDefinition[] = [
  { destination: 'index_url', short: '-i', long: ['--index-url', '--pypi-url'], takesValue: true },
  { destination: 'extra_index_urls', long: ['--extra-index-url'], takesValue: true },
  { destination: 'no_index', long: ['--no-index'], takesValue: false },
  { destination: 'constraints', short: '-c', long: ['--constraint'], takesValue: true },
  { destination: 'requirements', short: '-r', long: ['--requirement'], takesValue: true },
  { destination: 'editables', short: '-e', long: ['--editable'], takesValue: true },
  { destination: 'find_links', short: '-f', long: ['--find-links'], takesValue: true },
  { destination: 'no_binary', long: ['--no-binary'], takesValue: true },
  { destination: 'only_binary', long: ['--only-binary'], takesValue: true },
  { destination: 'prefer_binary', long: ['--prefer-binary'], takesValue: false },
  { destination: 'require_hashes', long: ['--require-hashes'], takesValue: false },
  { destination: 'no_require_hashes', long: ['--no-require-hashes'], takesValue: false },
  { destination: 'pre', long: ['--pre'], takesValue: false },
  { destination: 'all_releases', long: ['--all-releases'], takesValue: true },
  { destination: 'only_final', long: ['--only-final'], takesValue: true },
  { destination: 'trusted_hosts', long: ['--trusted-host'], takesValue: true },
  { destination: 'features_enabled', long: ['--use-feature'], takesValue: true },
  { destination: 'hashes', long: ['--hash'], takesValue: true },
  { destination: 'config_settings', short: '-C', long: ['--config-settings'], takesValue: true },
];

/** The values `--use-feature` takes in pip 26; another one is an error. */
export const features: readonly string[] = [
  'fast-deps',
  'inprocess-build-deps',
  'venv-isolation',
  'truststore',
  'no-binary-enable-wheel-cache',
  'build-constraint',
];

/** The algorithms `--hash` takes. */
export const hashAlgorithms: readonly string[] = ['sha256', 'sha384', 'sha512'];

/** Options that older files still have, with what to do about them. */
export const removedOptions: ReadonlyMap<string, string> = new Map([
  ['--allow-all-external', 'Remove it.'],
  ['--allow-external', 'Remove it.'],
  ['--allow-unverified', 'Remove it.'],
  ['--download-cache', 'Remove it; pip has a cache of its own.'],
  ['--global-option', 'Use --config-settings.'],
  ['--install-option', 'Use --config-settings.'],
  ['--no-use-wheel', 'Use --no-binary.'],
  ['--process-dependency-links', 'Write the requirement as "name @ url".'],
  ['--use-mirrors', 'Remove it.'],
  ['--use-wheel', 'Remove it.'],
  ['--no-deps', 'Give it to pip on the command line.'],
  ['--upgrade', 'Give it to pip on the command line.'],
  ['-U', 'Give it to pip on the command line.'],
  ['--user', 'Give it to pip on the command line.'],
]);
