import type { GivenOption } from '../model.ts';
import type { OptionDestination } from './optionTable.ts';
import { normalizeName } from '../../../packages/packageName.ts';

/** Options in pip's own names and shapes: only what was set. */
export interface OptionValues {
  readonly [destination: string]: OptionValue;
}

export type OptionValue = string | true | readonly string[] | { readonly [key: string]: string | readonly string[] };

/** What the options of one line come to, taken in order. */
export function optionValues(options: readonly GivenOption[]): OptionValues {
  const values: Record<string, OptionValue> = {};
  for (const { destination, value } of options) {
    if (value === undefined) values[destination] = true;
    else if (destination === 'index_url') values[destination] = value.text;
    else if (!mergedDestinations.has(destination)) values[destination] = textsOf(options, destination);
  }
  const hashes = textsOf(options, 'hashes');
  if (hashes.length > 0) values['hashes'] = [...hashes].sort();
  const settings = textsOf(options, 'config_settings');
  if (settings.length > 0) values['config_settings'] = configValues(settings);
  const [noBinary, onlyBinary] = mergeNames(options, 'no_binary', 'only_binary');
  if (noBinary.length + onlyBinary.length > 0) {
    values['format_control'] = {
      ...(noBinary.length > 0 && { no_binary: noBinary }),
      ...(onlyBinary.length > 0 && { only_binary: onlyBinary }),
    };
  }
  const [allReleases, onlyFinal] = mergeNames(options, 'all_releases', 'only_final');
  if (allReleases.length + onlyFinal.length > 0) {
    values['release_control'] = { all_releases: allReleases, only_final: onlyFinal };
  }
  return values;
}

/** `KEY=VALUE` settings by key; a key given more than once has a list. */
export function configValues(settings: readonly string[]): Readonly<Record<string, string | readonly string[]>> {
  const values = new Map<string, string | readonly string[]>();
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    const key = setting.slice(0, equals);
    const value = setting.slice(equals + 1);
    const earlier = values.get(key);
    values.set(key, earlier === undefined ? value : [earlier, value].flat());
  }
  return Object.fromEntries(values);
}

/** What pip does not keep as the list of the values given. */
const mergedDestinations: ReadonlySet<OptionDestination> = new Set([
  'hashes',
  'config_settings',
  'no_binary',
  'only_binary',
  'all_releases',
  'only_final',
]);

function textsOf(options: readonly GivenOption[], destination: OptionDestination): readonly string[] {
  return options.flatMap((option) => (option.destination === destination && option.value ? [option.value.text] : []));
}

/** Two sets of package names of which a name can be in one only; sorted. */
function mergeNames(
  options: readonly GivenOption[],
  first: OptionDestination,
  second: OptionDestination,
): readonly [first: readonly string[], second: readonly string[]] {
  const firstNames = new Set<string>();
  const secondNames = new Set<string>();
  for (const { destination, value } of options) {
    if (destination === first) addNames(value?.text ?? '', firstNames, secondNames);
    if (destination === second) addNames(value?.text ?? '', secondNames, firstNames);
  }
  return [[...firstNames].sort(), [...secondNames].sort()];
}

/** `:all:` replaces both sets, `:none:` empties the one it is given to. */
function addNames(list: string, target: Set<string>, other: Set<string>): void {
  let names = list.split(',');
  for (let all = names.indexOf(':all:'); all >= 0; all = names.indexOf(':all:')) {
    other.clear();
    target.clear();
    target.add(':all:');
    names = names.slice(all + 1);
    // pip: only a later `:none:` makes what follows `:all:` matter.
    if (!names.includes(':none:')) return;
  }
  for (const name of names) {
    if (name === ':none:') {
      target.clear();
      continue;
    }
    const normalized = normalizeName(name);
    other.delete(normalized);
    target.add(normalized);
  }
}
