import { parseArgs } from 'node:util';
import { options } from './options.ts';

/** Throws what Node says of an option that there is not. */
export function parseOptions(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
}

export type ParsedArguments = ReturnType<typeof parseOptions>;

/** The options as they were given, not yet decoded. */
export type Values = ParsedArguments['values'];
