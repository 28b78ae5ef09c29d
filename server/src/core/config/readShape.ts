import { TomlTime } from '../text/toml/parseToml.ts';
import { plainText } from '../text/plainText.ts';
import { type ConfigShape, dayOf, type TableShape } from './configShape.ts';

/** Where a value stands: the keys that lead to it. */
export type ConfigPath = readonly (string | number)[];

/** Takes what is wrong with a value: a sentence, and where. `kind` says whether there is no such key at all. */
export type Complain = (kind: 'unknown-key' | 'invalid', message: string, path: ConfigPath) => void;

/** The value as the shape has it, without what is wrong with it; `undefined` where nothing is left. */
export function readShape(shape: ConfigShape, value: unknown, path: ConfigPath, complain: Complain): unknown {
  const wrong = (expected: string): undefined => {
    complain('invalid', `${keyText(path)} should be ${expected}.`, path);
    return undefined;
  };
  switch (shape.kind) {
    case 'text': {
      const expected = typeof value === 'string' ? shape.wrong?.(value) : 'a text';
      return expected === undefined ? value : wrong(expected);
    }
    case 'day':
      return dayOf(value) ?? wrong('a day (2027-01-31)');
    case 'choice':
      return shape.choices.find((choice) => choice === value) ?? wrong(`one of ${shape.choices.join(', ')}`);
    case 'number':
      return typeof value === 'number' && value >= shape.minimum && value <= shape.maximum
        ? value
        : wrong(`a number from ${shape.minimum} to ${shape.maximum}`);
    case 'truth':
      return typeof value === 'boolean' ? value : wrong('true or false');
    case 'list':
      if (!Array.isArray(value)) {
        return wrong(shape.of.kind === 'table' ? `a list of tables ([[${keyText(path)}]])` : 'a list');
      }
      if (value.length > (shape.most ?? mostEntries)) {
        return wrong(`a list of at most ${shape.most ?? mostEntries} entries`);
      }
      return value
        .map((one, at) => readShape(shape.of, one, [...path, at], complain))
        .filter((one) => one !== undefined);
    case 'textOrTable':
      return typeof value === 'string'
        ? readShape(shape.text, value, path, complain)
        : readShape(shape.table, value, path, complain);
    case 'table':
      return isPlainTable(value) ? readTable(shape, value, path, complain) : wrong('a table');
  }
}

// Nobody writes more by hand; every requirement is compared with all of them.
const mostEntries = 5_000;

function readTable(
  { keys, needs }: TableShape,
  table: Readonly<Record<string, unknown>>,
  path: ConfigPath,
  complain: Complain,
): unknown {
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    const shape = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (shape === undefined) {
      const known = Object.keys(keys).join(', ');
      const name = plainText(key, 60);
      complain('unknown-key', `There is no key "${name}" in ${placeText(path)}; there are ${known}.`, [...path, key]);
      continue;
    }
    const found = readShape(shape, value, [...path, key], complain);
    if (found !== undefined) {
      read[key] = found;
    }
  }
  if (needs !== undefined && !needs.some((key) => Object.hasOwn(table, key))) {
    complain('invalid', `An entry of ${placeText(path)} needs ${needs.map((key) => `"${key}"`).join(' or ')}.`, path);
    return undefined;
  }
  return read;
}

function keyText(path: ConfigPath): string {
  const names = path.filter((part) => typeof part === 'string');
  return plainText(names.join('.'), 100);
}

function placeText(path: ConfigPath): string {
  return path.length === 0 ? 'the configuration' : keyText(path);
}

function isPlainTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof TomlTime);
}
