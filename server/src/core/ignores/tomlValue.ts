import { TomlTime } from '../text/toml/parseToml.ts';

/** A TOML table as its parser gives it. */
export type TomlTable = Readonly<Record<string, unknown>>;

export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof TomlTime);
}

/** The value of a key in any case: osv-scanner's reader takes `ID` for `id`. */
export function valueOf(table: TomlTable, name: string): unknown {
  const key = Object.keys(table).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : table[key];
}

/** The keys that are none of `known`, in the order of the file. */
export function otherKeys(table: TomlTable, known: readonly string[]): readonly string[] {
  const names = known.map((name) => name.toLowerCase());
  return Object.keys(table).filter((key) => !names.includes(key.toLowerCase()));
}
