import type { GivenOption } from './model.ts';
import { normalizeName } from './packageName.ts';

/** Options in pip's own names and shapes: only what was set. */
export interface OptionValues {
  readonly [destination: string]: OptionValue;
}

export type OptionValue = string | true | readonly string[] | { readonly [key: string]: string | readonly string[] };

/** What the options of one line come to, taken in order. */
export function optionValues(options: readonly GivenOption[]): OptionValues {
  const values: Record<string, OptionValue> = {};
  const formats: ExclusiveSets = { first: new Set(), second: new Set() };
  const releases: ExclusiveSets = { first: new Set(), second: new Set() };
  const settings: string[] = [];
  const hashes: string[] = [];
  for (const { destination, value } of options) {
    const text = value?.text ?? '';
    switch (destination) {
      case 'index_url':
        values[destination] = text;
        break;
      case 'no_index':
      case 'prefer_binary':
      case 'require_hashes':
      case 'no_require_hashes':
      case 'pre':
        values[destination] = true;
        break;
      case 'no_binary':
        mergeNames(text, formats.first, formats.second);
        break;
      case 'only_binary':
        mergeNames(text, formats.second, formats.first);
        break;
      case 'all_releases':
        mergeNames(text, releases.first, releases.second);
        break;
      case 'only_final':
        mergeNames(text, releases.second, releases.first);
        break;
      case 'hashes':
        hashes.push(text);
        break;
      case 'config_settings':
        settings.push(text);
        break;
      default: {
        const earlier = values[destination];
        values[destination] = [...(Array.isArray(earlier) ? (earlier as readonly string[]) : []), text];
      }
    }
  }
  if (hashes.length > 0) values['hashes'] = hashes.sort();
  if (settings.length > 0) values['config_settings'] = configValues(settings);
  if (formats.first.size + formats.second.size > 0) {
    values['format_control'] = {
      ...(formats.first.size > 0 && { no_binary: sorted(formats.first) }),
      ...(formats.second.size > 0 && { only_binary: sorted(formats.second) }),
    };
  }
  if (releases.first.size + releases.second.size > 0) {
    values['release_control'] = { all_releases: sorted(releases.first), only_final: sorted(releases.second) };
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

/** Two sets of package names of which a name can be in one only. */
interface ExclusiveSets {
  readonly first: Set<string>;
  readonly second: Set<string>;
}

/** Python: `:all:` replaces both sets, `:none:` empties the one it is given to. */
function mergeNames(value: string, target: Set<string>, other: Set<string>): void {
  let names = value.split(',');
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

function sorted(names: ReadonlySet<string>): readonly string[] {
  return [...names].sort();
}
