/** What values a setting takes: how one is decoded, how that is said to people, and how it is said to VS Code. */
export interface SettingValue<T> {
  /** `undefined` for what is no such value. Whatever comes in is a stranger's. */
  readonly decode: (value: unknown) => T | undefined;
  /** Continues "pinwatch.x should be ". */
  readonly expected: string;
  /** Of package.json, without the texts. */
  readonly schema: SettingSchema;
  /** Says why this unusable value is not used, in place of `expected`. */
  readonly refusal?: (value: unknown) => string | undefined;
}

/** As much of JSON Schema as VS Code's settings page needs. */
export interface SettingSchema {
  readonly type: SettingType | readonly SettingType[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly format?: 'uri';
  readonly items?: SettingSchema;
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly default?: string;
}

type SettingType = 'boolean' | 'string' | 'number' | 'integer' | 'array' | 'object' | 'null';

export const trueOrFalse: SettingValue<boolean> = {
  decode: (value) => (typeof value === 'boolean' ? value : undefined),
  expected: 'true or false',
  schema: { type: 'boolean' },
};

/** Unset is a choice of its own: `null`. */
export function orUnset<T>(value: SettingValue<T>): SettingValue<T | null> {
  const { type } = value.schema;
  return {
    ...value,
    decode: (given) => (given === null ? null : value.decode(given)),
    schema: { ...value.schema, type: [...(typeof type === 'string' ? [type] : type), 'null'] },
  };
}

export function oneOf<const T extends string>(choices: readonly T[]): SettingValue<T> {
  return {
    decode: (value) => choices.find((choice) => choice === value),
    expected: `one of ${choices.join(', ')}`,
    schema: { type: 'string', enum: choices },
  };
}

/** `what` is counted: "a number of days". */
export function numberFrom(minimum: number, maximum: number, what = 'a number'): SettingValue<number> {
  return {
    decode: (value) => (typeof value === 'number' && value >= minimum && value <= maximum ? value : undefined),
    expected: `${what} from ${minimum} to ${maximum}`,
    schema: { type: 'number', minimum, maximum },
  };
}

/** For what cannot be had in parts: entries, connections. */
export function integerFrom(minimum: number, maximum: number): SettingValue<number> {
  const { decode } = numberFrom(minimum, maximum);
  return {
    decode: (value) => (Number.isInteger(value) ? decode(value) : undefined),
    expected: `a whole number from ${minimum} to ${maximum}`,
    schema: { type: 'integer', minimum, maximum },
  };
}

/** `expected` says of what. */
export function listOfStrings(expected: string): SettingValue<readonly string[]> {
  return { decode: asStrings, expected, schema: { type: 'array', items: { type: 'string' } } };
}

/** One entry that cannot be read makes the list unusable: half of what was wanted would look like all of it. */
export function listOf<T>(
  decodeEntry: (value: unknown) => T | undefined,
  expected: string,
  items: SettingSchema,
): SettingValue<readonly T[]> {
  return {
    decode: (value) => {
      if (!Array.isArray(value)) {
        return undefined;
      }
      const usable = value.map(decodeEntry).filter((entry) => entry !== undefined);
      return usable.length === value.length ? Object.freeze(usable) : undefined;
    },
    expected,
    schema: { type: 'array', items },
  };
}

export function asStrings(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
    ? Object.freeze([...value])
    : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isFilledText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
