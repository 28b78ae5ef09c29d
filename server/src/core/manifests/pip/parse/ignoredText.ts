import type { LogicalLine } from '../lexical/logicalLines.ts';
import type { Item } from '../model.ts';
import type { Problem, Token } from '../../requirement.ts';
import type { ReadOption, ReadOptions } from './options.ts';
import { quote } from '../../../text/quote.ts';
import { spanOf, type SourceText } from '../../../text/sourceText.ts';

/**
 * What pip drops of a line without an error, as `req_file.py` does: the one who wrote it believes that it has an effect. Such a
 * problem says nothing against what the line asks for.
 */
export function ignoredText(
  item: Item,
  { given, leftOver }: ReadOptions,
  { swallowed }: LogicalLine,
  content: SourceText,
): readonly Problem[] {
  return [
    ...given.flatMap((option) => ignoredOption(item, option, given)),
    ...leftOverProblem(item, leftOver, content),
    ...(swallowed === undefined ? [] : [swallowedProblem(swallowed)]),
  ];
}

function ignoredOption(item: Item, option: ReadOption, given: readonly ReadOption[]): readonly Problem[] {
  const { destination, flag, value } = option;
  const written = value === undefined || destination === 'hashes' ? flag.text : `${flag.text} ${value.text}`;
  switch (item.kind) {
    case 'requirement':
    case 'url':
    case 'path':
      return destination === 'hashes' || destination === 'config_settings'
        ? []
        : [problem(option, `pip ignores ${quote(written)} behind a requirement. Put it on a line of its own.`)];
    case 'editable': {
      const used = given.find((one) => one.destination === 'editables');
      if (destination === 'config_settings' || (option === used && item.target.span.start === value?.span.start))
        return [];
      const message =
        destination === 'hashes'
          ? 'pip ignores the hash of an editable install, so nothing is checked against it. Remove it.'
          : `pip ignores ${quote(written)} on the line of an editable install. Put it on a line of its own.`;
      return [problem(option, message)];
    }
    case 'include':
    case 'constraint': {
      if (item.target === value) return [];
      const also = destination === 'requirements' || destination === 'constraints';
      const why = also ? `: it reads one file for each line, here ${quote(item.target.text)}` : ' behind it';
      return [problem(option, `pip ignores ${quote(written)}${why}. Put it on a line of its own.`)];
    }
    case 'option':
      return destination === 'hashes' || destination === 'config_settings' ? [problem(option, alone(destination))] : [];
    case 'error':
      return [];
  }
}

function alone(destination: 'hashes' | 'config_settings'): string {
  return destination === 'hashes'
    ? 'This hash belongs to no requirement, so pip ignores it and checks nothing against it. Put it behind its requirement: the line before must end with a backslash and be no comment.'
    : 'This setting belongs to no requirement, so pip ignores it. Put it behind its requirement.';
}

function problem({ flag, value }: { readonly flag: Token; readonly value?: Token }, message: string): Problem {
  const span = { start: flag.span.start, end: Math.max(flag.span.end, value?.span.end ?? 0) };
  return { span, message, code: 'ignored.option' };
}

function leftOverProblem(item: Item, words: ReadOptions['leftOver'], content: SourceText): readonly Problem[] {
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined) return [];
  const written = words.map(({ text }) => text).join(' ');
  const span = spanOf(content, first.start, last.end);
  const message = `pip ignores ${quote(written)}: it belongs to no option. ${leftOverAdvice(item)}`;
  return [{ span, message, code: 'ignored.text', ...(written === '-' ? { incomplete: true } : {}) }];
}

function leftOverAdvice(item: Item): string {
  switch (item.kind) {
    case 'include':
    case 'constraint':
      return 'Put each file on a line of its own, with -r or -c.';
    case 'editable':
      return 'Put the whole target in quotes.';
    default:
      return 'Put it on a line of its own, or remove it.';
  }
}

function swallowedProblem(span: Problem['span']): Problem {
  const message =
    'pip reads this as part of the comment before it, which ends with a backslash. Remove the backslash, or make this a comment.';
  return { span, message, code: 'ignored.comment' };
}
