import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Moves what package.json says in words into package.nls.json, under a key made of its place, and names the keys that
 * package.nls.de.json lacks or has in vain. Run it after adding a command or a setting: `node tools/extractManifestStrings.ts`.
 */
function extract(): void {
  const manifest = read('package.json');
  const english = new Map(Object.entries(read('package.nls.json')).map(([key, value]) => [key, String(value)]));
  const used = new Set<string>();
  const extracted = replaced(manifest, [], (text, place) => {
    const known = /^%(.+)%$/u.exec(text)?.[1];
    const key = known ?? freeKey(keyOf(place), text, english);
    if (known === undefined) english.set(key, text);
    used.add(key);
    return `%${key}%`;
  });
  const messages = Object.fromEntries([...english].filter(([key]) => used.has(key)).sort(byKey));
  write('package.json', extracted);
  write('package.nls.json', messages);
  const german = read('package.nls.de.json');
  for (const key of Object.keys(messages).filter((one) => !Object.hasOwn(german, one))) {
    console.log(`package.nls.de.json lacks "${key}": ${messages[key]}`);
  }
  for (const key of Object.keys(german).filter((one) => !Object.hasOwn(messages, one))) {
    console.log(`package.nls.de.json has "${key}" in vain`);
  }
}

const root = path.resolve(import.meta.dirname, '..');
/** Keys of the manifest whose values are words, wherever they stand. */
const wordy = new Set([
  ...['title', 'description', 'markdownDescription', 'enumDescriptions', 'markdownEnumDescriptions'],
  ...['deprecationMessage', 'markdownDeprecationMessage', 'contents', 'altText', 'name'],
]);
/** The name of the product is the same in every language. */
const untranslated = new Set(['Pinwatch', 'pinwatch']);

type Place = readonly (string | number)[];

function replaced(value: unknown, place: Place, replace: (text: string, place: Place) => string): unknown {
  if (typeof value === 'string') return isWords(value, place) ? replace(value, place) : value;
  if (Array.isArray(value)) return value.map((one, index) => replaced(one, [...place, nameOf(one, index)], replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one, [...place, key], replace)]));
}

function isWords(text: string, place: Place): boolean {
  const key = place.findLast((part) => typeof part === 'string' && wordy.has(part));
  const isLast = key !== undefined && place.slice(place.lastIndexOf(key) + 1).every((part) => typeof part === 'number');
  const ofPackage = place.length === 1 && place[0] !== 'description';
  // Below `default` and `enum` stand values, and `properties` names settings, which may be called like a wordy key.
  return isLast && !ofPackage && !untranslated.has(text) && place.at(-2) !== 'properties' && !place.includes('scripts');
}

/** What tells an entry of a list from its neighbours, where it has a name. */
function nameOf(entry: unknown, index: number): string | number {
  if (typeof entry !== 'object' || entry === null) return index; // the position of a choice
  const named = ['command', 'id', 'key'].map((key) => (entry as Record<string, unknown>)[key]);
  return String(named.find((one) => typeof one === 'string') ?? '');
}

function keyOf(place: Place): string {
  const left = ['contributes', 'properties', 'capabilities', 'steps', 'media', 'explorer'];
  return place
    .map((part) => String(part).replace(/^pinwatch\./u, ''))
    .filter((part) => part !== '' && !left.includes(part))
    .join('.');
}

/** Lists without names would give two entries the same key: the later one gets its first words besides. */
function freeKey(key: string, text: string, taken: ReadonlyMap<string, string>): string {
  if (!taken.has(key) || taken.get(key) === text) return key;
  const words = text.toLowerCase().match(/[a-z]+/gu) ?? [];
  return [key, words.slice(0, 6).join('-')].join('.');
}

function byKey([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function read(file: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

function write(file: string, value: unknown): void {
  writeFileSync(path.join(root, file), `${JSON.stringify(value, undefined, 2)}\n`);
}

extract();
