import type { Operator } from '../../../versions/clause.ts';
import type { Span } from '../../../text/position.ts';
import { applyEdits } from './applyEdits.ts';
import type { TextChange } from '../../rewrite.ts';
import type { Item, NamedRequirement, RequirementsFile } from '../model.ts';

/** What a requirement is to say after an edit. */
export interface Intended {
  readonly clauses: readonly { readonly operator: Operator; readonly version: string }[];
  /** As `sha256:…`, in the order of the file. */
  readonly hashes: readonly string[];
}

/**
 * Whether the changes make the item at `index` say what is intended and leave all else as it was. The edited text is read
 * again to know: whatever the line looks like, nothing is proposed that was not seen to work.
 */
export function changesOnly(
  file: RequirementsFile,
  index: number,
  changes: readonly TextChange[],
  intended: Intended,
): boolean {
  const edited = applyEdits(file, changes);
  const [before, after] = [file.items[index], edited.items[index]];
  if (edited.items.length !== file.items.length || before?.kind !== 'requirement' || after?.kind !== 'requirement') {
    return false;
  }
  return (
    isAsIntended(after, intended) &&
    sameRest(before, after) &&
    commentOf(file, index, before.comment) === commentOf(edited, index, after.comment) &&
    file.items.every((item, at) => at === index || same(item, edited.items[at]))
  );
}

function isAsIntended({ specifier, hashes }: NamedRequirement, intended: Intended): boolean {
  const clauses = (specifier?.clauses ?? []).map(({ operator, version }) => ({ operator, version }));
  const wanted = intended.clauses.map(({ operator, version }) => ({ operator, version }));
  return same(clauses, wanted) && same(textsOf(hashes), intended.hashes);
}

function sameRest(before: NamedRequirement, after: NamedRequirement): boolean {
  return (
    before.name.text === after.name.text &&
    same(textsOf(before.extras), textsOf(after.extras)) &&
    before.marker?.text === after.marker?.text &&
    before.url?.text === after.url?.text &&
    same(before.configSettings, after.configSettings) &&
    same(optionTexts(before), optionTexts(after)) &&
    same(
      before.problems.map(({ code }) => code),
      after.problems.map(({ code }) => code),
    )
  );
}

function optionTexts({ ignoredOptions }: NamedRequirement): readonly (readonly (string | undefined)[])[] {
  return ignoredOptions.map(({ flag, value }) => [flag.text, value?.text]);
}

function textsOf(tokens: readonly { readonly text: string }[]): readonly string[] {
  return tokens.map(({ text }) => text);
}

function commentOf(file: RequirementsFile, index: number, comment: Span | undefined): string {
  if (comment === undefined) return '';
  const start = file.starts[index] ?? 0;
  return file.slice(start + comment.start, start + comment.end);
}

/** Items of lines that were not read again are the same objects, so that this is cheap for nearly all of a file. */
function same(a: Item | readonly unknown[], b: Item | readonly unknown[] | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
