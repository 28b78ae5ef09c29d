import { readEditable } from './editables.ts';
import { isFault, toProblem, type Fault } from '../../pep508/fault.ts';
import { unseenText } from '../../../text/invisible.ts';
import { isLegacy } from '../lexical/legacy.ts';
import { ignoredText } from './ignoredText.ts';
import type { LogicalLine } from '../lexical/logicalLines.ts';
import { coverSecrets, showCovered } from '../../../text/maskSecrets.ts';
import type { GivenOption, InvalidLine, Item } from '../model.ts';
import type { Hash, NameToken, Problem } from '../../requirement.ts';
import { findOptions, readOptions, type ReadOption } from './options.ts';
import type { OptionDestination } from './optionTable.ts';
import { quote } from '../../../text/quote.ts';
import { guessName } from '../../pep508/requirement.ts';
import { readRequirementText } from './requirementText.ts';
import { isSecretName } from '../../shownText.ts';
import { sliceSource, spanOf, type SourceText } from '../../../text/sourceText.ts';

/** What a logical line says; undefined where it is blank or only a comment. */
export function parseLine(line: LogicalLine): Item | undefined {
  const { content } = line;
  if (content === undefined) return undefined;
  const item = readItem(line, content);
  return item.problems.length === 0 ? item : withoutSecrets(item, line, content);
}

/** What a line says. The messages of its problems may still hold what is secret in it. */
function readItem(line: LogicalLine, content: SourceText): Item {
  const { text } = content;
  const base: Base = {
    text,
    span: spanOf(content, 0, text.length),
    ...(line.comment && { comment: line.comment }),
    problems: [],
    pipLineCount: line.pipLineCount,
  };
  const optionsStart = findOptions(text);
  const requirementEnd = optionsStart === text.length ? optionsStart : Math.max(0, optionsStart - 1);
  const read = readOptions(content, optionsStart);
  if (isFault(read)) return invalidLine(base, content, requirementEnd, read);
  const item = lineItem(base, content, requirementEnd, read.given);
  const ignored = item.kind === 'error' ? [] : ignoredText(item, read, line, content);
  return ignored.length === 0 ? item : { ...item, problems: [...item.problems, ...ignored] };
}

function lineItem(base: Base, content: SourceText, requirementEnd: number, options: readonly ReadOption[]): Item {
  const editable = options.find((option) => option.destination === 'editables');
  // `foo -e bar` is an editable `foo`: pip 26 asks whether there is a `-e` before it looks at its value.
  if (requirementEnd > 0 && editable) return editableLine(base, sliceSource(content, 0, requirementEnd), options, []);
  if (requirementEnd > 0) return requirementLine(base, content, requirementEnd, options);
  if (editable?.valueSource) return editableLine(base, editable.valueSource, options, ['editables']);
  return includeLine(base, options) ?? { ...base, kind: 'option', options: options.map(withoutSource) };
}

/**
 * Messages quote the line, so they are made from it a second time, with everything secret covered. Where it then reads
 * differently, they say no more than that it cannot be read.
 */
function withoutSecrets(item: Item, line: LogicalLine, content: SourceText): Item {
  const covered = coverSecrets(content.text);
  if (covered === content.text) return item;
  const again = readItem(line, { ...content, text: covered }).problems;
  const problems = item.problems.map((problem, index) => {
    const twin = again[index];
    const isSame = twin?.code === problem.code && again.length === item.problems.length;
    const message = isSame
      ? twin.message
      : `pip cannot read ${quote(covered)}. What is wrong is not shown: it holds a secret.`;
    return { ...problem, message: showCovered(message) };
  });
  const isUser = item.kind === 'error' && item.name !== undefined && isSecretName(content.text, item.name.text);
  // What stands before an `@` may be a user, not a package.
  return isUser ? { ...withoutName(item), problems } : { ...item, problems };
}

function withoutName({ kind, text, span, comment, problems, pipLineCount, legacy }: InvalidLine): InvalidLine {
  return { kind, text, span, problems, pipLineCount, ...(comment && { comment }), ...(legacy && { legacy }) };
}

type Base = Pick<Item, 'text' | 'span' | 'comment' | 'problems' | 'pipLineCount'>;

function requirementLine(base: Base, content: SourceText, end: number, options: readonly ReadOption[]): Item {
  const read = readRequirementText(content, end);
  if (isFault(read)) return invalidLine(base, content, end, read);
  const own = {
    hashes: readHashes(options),
    configSettings: configSettings(options),
    ignoredOptions: otherThan(options, ['hashes', 'config_settings']),
  };
  switch (read.kind) {
    case 'requirement':
      return { ...base, ...read, ...own, problems: nameProblems(read.name) };
    case 'url':
      return { ...base, ...read, ...own };
    case 'path': {
      const { fault, ...path } = read;
      return { ...base, ...path, ...own, problems: fault ? [toProblem(fault, content)] : [] };
    }
  }
}

/** packaging lets an underscore end a name, but no package can have such a name. */
function nameProblems(name: NameToken): readonly Problem[] {
  if (!name.text.endsWith('_')) return [];
  const message = `The package name ${name.text} ends with an underscore, which no package on the index does. Correct it.`;
  return [{ span: name.span, message, code: 'requirement.trailing-underscore' }];
}

function editableLine(
  base: Base,
  target: SourceText,
  options: readonly ReadOption[],
  used: readonly OptionDestination[],
): Item {
  const read = readEditable(target);
  if (isFault(read)) return { ...base, kind: 'error', problems: [toProblem(read, target)], ...legacyMark(read) };
  const ignoredOptions = otherThan(options, ['hashes', 'config_settings', ...used]);
  return { ...base, ...read, configSettings: configSettings(options), ignoredOptions };
}

/** The first `-r`, else the first `-c`. pip ignores every other option of such a line. */
function includeLine(base: Base, options: readonly ReadOption[]): Item | undefined {
  const requirement = options.find((option) => option.destination === 'requirements');
  const include = requirement ?? options.find((option) => option.destination === 'constraints');
  if (include?.value === undefined) return undefined;
  const ignoredOptions = options.filter((option) => option !== include).map(withoutSource);
  return { ...base, kind: requirement ? 'include' : 'constraint', target: include.value, ignoredOptions };
}

function invalidLine(base: Base, content: SourceText, requirementEnd: number, fault: Fault): Item {
  const name = guessName(content, 0, requirementEnd);
  const problems = [toProblem(withInvisible(nameSubject(fault, name), content.text), content)];
  return { ...base, kind: 'error', problems, ...(name && { name }), ...legacyMark(fault) };
}

/** Nobody finds what nobody sees. */
function withInvisible(fault: Fault, text: string): Fault {
  const unseen = unseenText(text);
  return unseen === '' ? fault : { ...fault, message: `${fault.message} ${unseen}` };
}

/** Every message says which package it is about, where that is known. */
function nameSubject(fault: Fault, name: NameToken | undefined): Fault {
  if (name === undefined || fault.message.includes(name.text)) return fault;
  return { ...fault, message: `${name.text}: ${fault.message}` };
}

function legacyMark(fault: Fault): { readonly legacy?: boolean } {
  return isLegacy(fault) ? { legacy: true } : {};
}

function readHashes(options: readonly ReadOption[]): readonly Hash[] {
  const hashes: Hash[] = [];
  for (const { destination, value } of options) {
    if (destination !== 'hashes' || value === undefined) continue;
    const colon = value.text.indexOf(':');
    hashes.push({ ...value, algorithm: value.text.slice(0, colon), digest: value.text.slice(colon + 1) });
  }
  return hashes;
}

function configSettings(options: readonly ReadOption[]): readonly string[] {
  return options.flatMap(({ destination, value }) => (destination === 'config_settings' && value ? [value.text] : []));
}

function otherThan(options: readonly ReadOption[], used: readonly OptionDestination[]): readonly GivenOption[] {
  return options.filter(({ destination }) => !used.includes(destination)).map(withoutSource);
}

function withoutSource({ destination, flag, value }: ReadOption): GivenOption {
  return { destination, flag, ...(value && { value }) };
}
