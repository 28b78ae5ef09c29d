import { isFault, type Fault } from '../../pep508/fault.ts';
import type { GivenOption } from '../model.ts';
import type { Token } from '../../requirement.ts';
import {
  features,
  hashAlgorithms,
  optionDefinitions,
  removedOptions,
  type OptionDefinition,
  type OptionDestination,
} from './optionTable.ts';
import { quote } from '../../../text/quote.ts';
import { splitWords, type Word } from '../lexical/shlex.ts';
import { sliceSource, tokenOf, type SourceText } from '../../../text/sourceText.ts';

/** An option as it was given, with its value as a text that can be read further. */
export interface ReadOption extends GivenOption {
  readonly valueSource?: SourceText;
}

/**
 * Where the options of a line begin: at the first word, split at U+0020 only, that starts with `-`. What stands before
 * is the requirement. The text's length when there are none.
 */
export function findOptions(text: string): number {
  if (text.startsWith('-')) return 0;
  const at = text.indexOf(' -');
  return at < 0 ? text.length : at + 1;
}

export interface ReadOptions {
  readonly given: readonly ReadOption[];
  /** Words that are neither an option nor the value of one: pip drops them. */
  readonly leftOver: readonly Word[];
}

/** Reads the options that begin at `start`, as Python's `optparse` does with pip's table. */
export function readOptions(source: SourceText, start: number): ReadOptions | Fault {
  if (start >= source.text.length) return { given: [], leftOver: [] };
  const words = splitWords(source, start);
  if (isFault(words)) return words;
  const given: ReadOption[] = [];
  const leftOver: Word[] = [];
  let at = 0;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    if (word.text === '--') {
      words.slice(at + 1).forEach((word) => leftOver.push(word)); // more than a call takes arguments
      break;
    }
    if (!word.text.startsWith('-') || word.text === '-') {
      leftOver.push(word);
      at++;
      continue;
    }
    const next = words[at + 1];
    const read = word.text.startsWith('--') ? readLong(source, word, next) : readShort(source, word, next);
    if (isFault(read)) return read;
    const fault = checkValue(read.option, word, next);
    if (fault) return fault;
    given.push(read.option);
    at += read.wordCount;
  }
  return { given, leftOver };
}

interface ReadWords {
  readonly option: ReadOption;
  readonly wordCount: 1 | 2;
}

function readLong(source: SourceText, word: Word, next: Word | undefined): ReadWords | Fault {
  const equals = word.text.indexOf('=');
  const written = equals < 0 ? word.text : word.text.slice(0, equals);
  const definition = findLong(written, word);
  if (isFault(definition)) return definition;
  const flag = tokenOf(word, 0, written.length);
  const { destination } = definition;
  if (!definition.takesValue) {
    if (equals >= 0) return unexpectedValue(written, word);
    return { option: { destination, flag }, wordCount: 1 };
  }
  if (equals >= 0) {
    const valueSource = tail(source, word, equals + 1);
    return { option: withValue(destination, flag, valueSource), wordCount: 1 };
  }
  if (next === undefined) return missingValue(definition, written, word);
  return { option: withValue(destination, flag, next), wordCount: 2 };
}

/** Every short option takes a value: the rest of the word, `=` included, or the next word. */
function readShort(source: SourceText, word: Word, next: Word | undefined): ReadWords | Fault {
  const written = word.text.slice(0, 2);
  const definition = optionDefinitions.find((candidate) => candidate.short === written);
  if (definition === undefined) return unknownOption(written, word);
  const flag = tokenOf(word, 0, 2);
  if (word.text.length > 2) {
    return { option: withValue(definition.destination, flag, tail(source, word, 2)), wordCount: 1 };
  }
  if (next === undefined) return missingValue(definition, written, word);
  return { option: withValue(definition.destination, flag, next), wordCount: 2 };
}

/** Any unambiguous beginning of a long option's name is that option. */
function findLong(written: string, word: Word): OptionDefinition | Fault {
  const found: { definition: OptionDefinition; name: string }[] = [];
  for (const definition of optionDefinitions) {
    for (const name of definition.long) {
      if (name === written) return definition;
      if (name.startsWith(written)) found.push({ definition, name });
    }
  }
  const [first] = found;
  if (first === undefined) return unknownOption(written, word);
  if (found.length === 1) return first.definition;
  const names = found.map(({ name }) => name).join(', ');
  return {
    code: 'option.ambiguous',
    message: `The option ${quote(written)} is not clear: it could be ${names}. Write the whole name.`,
    start: word.start,
    end: word.end,
    incomplete: true,
  };
}

function checkValue(option: ReadOption, word: Word, next: Word | undefined): Fault | undefined {
  if (option.value === undefined) return undefined;
  const reason = invalidValue(option.destination, option.value.text);
  if (reason === undefined) return undefined;
  const end = option.valueSource === next && next !== undefined ? next.end : word.end;
  const { text } = option.value;
  const message = `The value ${quote(text)} of ${option.flag.text} is not valid: ${reason}.`;
  return { code: 'option.invalid-value', message, start: word.start, end, ...halfTyped(option.destination, text) };
}

function invalidValue(destination: OptionDestination, value: string): string | undefined {
  switch (destination) {
    case 'hashes': {
      const colon = value.indexOf(':');
      if (colon < 0) return 'write the algorithm and the digest, as in --hash=sha256:0123abcd';
      return hashAlgorithms.includes(value.slice(0, colon))
        ? undefined
        : `pip takes only the hash algorithms ${hashAlgorithms.join(', ')}`;
    }
    case 'config_settings':
      return value.includes('=') ? undefined : 'write it as KEY=VALUE';
    case 'features_enabled':
      return features.includes(value) ? undefined : `pip knows the features ${features.join(', ')}`;
    case 'no_binary':
    case 'only_binary':
    case 'all_releases':
    case 'only_final':
      return value.startsWith('-') ? 'name the packages, or write :all: or :none:' : undefined;
    default:
      return undefined;
  }
}

function halfTyped(destination: OptionDestination, value: string): { readonly incomplete?: boolean } {
  switch (destination) {
    case 'hashes':
      return hashAlgorithms.some((algorithm) => algorithm.startsWith(value)) ? { incomplete: true } : {};
    case 'features_enabled':
      return features.some((feature) => feature.startsWith(value)) ? { incomplete: true } : {};
    case 'config_settings':
      return { incomplete: true };
    default:
      return {};
  }
}

function withValue(destination: OptionDestination, flag: Token, valueSource: SourceText): ReadOption {
  return { destination, flag, value: tokenOf(valueSource, 0, valueSource.text.length), valueSource };
}

/** The rest of a word; where nothing is left, the place behind it. */
function tail(source: SourceText, word: Word, from: number): SourceText {
  if (from < word.text.length) return sliceSource(word, from, word.text.length);
  const end = sliceSource(source, word.end - 1, word.end).pieces[0]?.to ?? 0;
  return { text: '', pieces: [{ start: 0, from: end, to: end, verbatim: true }] };
}

function unexpectedValue(written: string, word: Word): Fault {
  const message = `The option ${quote(written)} takes no value. Remove what follows the "=".`;
  return { code: 'option.unexpected-value', message, start: word.start, end: word.end };
}

function missingValue(definition: OptionDefinition, written: string, word: Word): Fault {
  const name = definition.long[0] ?? written;
  const message = `The option ${quote(written)} needs a value, as in "${name} VALUE".`;
  return { code: 'option.missing-value', message, start: word.start, end: word.end, incomplete: true };
}

function unknownOption(written: string, word: Word): Fault {
  const advice = removedOptions.get(written);
  const place = { start: word.start, end: word.end };
  if (advice !== undefined) {
    return {
      code: 'option.removed',
      message: `pip no longer reads ${quote(written)} in this file. ${advice}`,
      ...place,
    };
  }
  const message = `pip does not know the option ${quote(written)} in a requirements file. Check its spelling, or remove it.`;
  return { code: 'option.unknown', message, ...place };
}
