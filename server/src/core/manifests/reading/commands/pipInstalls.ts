import { shortText } from '../../shownText.ts';
import { normalizeName } from '../../../packages/packageName.ts';
import type { Span } from '../../../text/position.ts';
import { sliceSource, type SourceText, spanOf, tokenOf } from '../../../text/sourceText.ts';
import { condaDraft } from '../condaDraft.ts';
import type { Draft, ItemFacts } from '../draft.ts';
import { includeDraft, pipLineDrafts, withFacts } from '../pipLine.ts';
import { dynamicDraft } from '../problems.ts';
import { condaPackages } from './condaCommand.ts';
import { pipArguments, shellScript, takesValue } from './pipCommand.ts';
import { shellCommands, type ShellWord } from './shellWords.ts';

export interface InstallPlace {
  readonly scope: string;
  readonly more: Partial<ItemFacts>;
}

/** What the commands install with pip, and with conda, whose packages are skipped. */
export function pipInstalls(
  commands: readonly (readonly ShellWord[])[],
  place: InstallPlace,
  depth = 0,
): readonly Draft[] {
  return commands.flatMap((words) => {
    const script = shellScript(words);
    if (script !== undefined) return scriptDrafts(script, place, depth + 1);
    const from = pipArguments(words);
    if (from === undefined) return condaPackages(words).map((word) => condaWordDraft(word, place));
    const xargs = words.slice(0, from).find(({ source }) => /^(?:.*\/)?xargs$/su.test(source.text));
    return [...(xargs === undefined ? [] : [inputDraft(xargs, place)]), ...argumentDrafts(words.slice(from), place)];
  });
}

function condaWordDraft({ source }: ShellWord, { scope }: InstallPlace): Draft {
  return condaDraft(spanOf(source, 0, source.text.length), source.text, scope);
}

function inputDraft({ source }: ShellWord, { scope }: InstallPlace): Draft {
  const message = 'What xargs hands to pip is its input: only a run of the command knows it.';
  return dynamicDraft(spanOf(source, 0, source.text.length), 'xargs', scope, message);
}

// `sh -c "su -c 'pip install a'"` has two.
const mostShells = 4;

/** What `bash -c` runs. */
function scriptDrafts({ source }: ShellWord, place: InstallPlace, depth: number): readonly Draft[] {
  const { text } = source;
  const span = spanOf(source, 0, text.length);
  const commands = depth > mostShells ? undefined : shellCommands(source, 0, text.length);
  if (commands !== undefined) return pipInstalls(commands, place, depth);
  if (!mentionsPip(text)) return [];
  const message = 'Too many shells run each other here, so this is not read.';
  return [depth > mostShells ? dynamicDraft(span, 'pip', place.scope, message) : unclosedDraft(span, place.scope)];
}

/** Whether a command that cannot be read may be one that installs something. */
export function mentionsPip(text: string): boolean {
  return /\b(?:pip|pipx|pipenv|uv|poetry|pdm)[0-9.]*(?![\w-])/u.test(text);
}

/** A command with an open quote. */
export function unclosedDraft(span: Span, scope: string): Draft {
  return dynamicDraft(span, 'pip', scope, 'A quote in this command is not closed, so it cannot be read.');
}

function argumentDrafts(words: readonly ShellWord[], place: InstallPlace): readonly Draft[] {
  const drafts: Draft[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined || word.source.text === '') continue;
    const { text } = word.source;
    const option = fileOption.exec(text);
    if (option !== null) {
      const isApart = option[0].length === text.length && !text.endsWith('=');
      const next = isApart ? words[++at] : word;
      if (next === undefined) break;
      const value = isApart ? next.source : sliceSource(word.source, option[0].length, text.length);
      drafts.push(...optionDrafts(option[1] ?? `-${option[2] ?? ''}`, value, next, word, place));
    } else if (text.startsWith('-')) {
      if (takesValue(text)) at++;
    } else {
      drafts.push(...wordDrafts(word, place));
    }
  }
  return drafts;
}

/** `-r a.txt`, `-ra.txt`, `--requirement=a.txt`, and behind flags without a value: `-qr a.txt`. */
const fileOption = /^(?:(--requirements?|--constraints?|--editable)(?:=|$)|-[qvUIn]*([rce])(?:=|$|(?=[^-\s])))/u;

function optionDrafts(
  option: string,
  value: SourceText,
  valueWord: ShellWord,
  word: ShellWord,
  { scope, more }: InstallPlace,
): readonly Draft[] {
  const target = tokenOf(value, 0, value.text.length);
  const span = spanOf(word.source, 0, word.source.text.length);
  if (valueWord.isDynamic || /[{}]/u.test(value.text)) {
    return [dynamicDraft(span, value.text, scope, variableText(value.text))];
  }
  if (!/^-(?:e|-editable)/u.test(option)) {
    const kind = /^-(?:r|-requirement)/u.test(option) ? 'include' : 'constraint';
    return [includeDraft(kind, target, span, { ...more, scope })];
  }
  if (value.text === '') return [];
  const egg = /[#&]egg=([A-Za-z0-9._-]+)/du.exec(value.text);
  const [start, end] = egg?.indices?.[1] ?? [];
  const isNamed = start !== undefined && end !== undefined && /^(?:git|hg|svn|bzr)[+:]/u.test(value.text);
  const token = isNamed ? tokenOf(value, start, end) : undefined;
  const name = token && { ...token, normalized: normalizeName(token.text) };
  const item: ItemFacts =
    token === undefined
      ? { ...more, k: 'requirement', scope, source: 'editable', location: value.text }
      : {
          ...more,
          k: 'requirement',
          scope,
          source: value.text.startsWith('git') ? 'git' : 'vcs',
          name: token.text,
          nameSpan: token.span,
        };
  const content = {
    kind: 'editable',
    text: value.text,
    target,
    scope,
    extras: [],
    hashes: [],
    hasOwnIndex: false,
    ...(name && { name }),
  } as const;
  return [{ span, content, item }];
}

function wordDrafts({ source, isDynamic, isRedirected }: ShellWord, { scope, more }: InstallPlace): readonly Draft[] {
  const { text } = source;
  const span = spanOf(source, 0, text.length);
  if (isDynamic || /[{}]/u.test(text)) return [dynamicDraft(span, text, scope, variableText(text))];
  if (/[*?]/u.test(text) && !/[=<>!~]/u.test(text)) {
    const path = tokenOf(source, 0, text.length);
    const content = { kind: 'path', text, path, scope, extras: [], hashes: [], hasOwnIndex: false } as const;
    return [{ span, content, item: { ...more, k: 'requirement', scope, source: 'path', location: text } }];
  }
  const drafts = pipLineDrafts(source, scope, more);
  return isRedirected ? drafts.map((draft) => redirected(draft, text)) : drafts;
}

function redirected(draft: Draft, text: string): Draft {
  const message = `The shell takes what follows ${shortText(text)} for a file to write to, so any version is installed. Put quotes around the requirement.`;
  const warning = { span: draft.span, code: 'ignored.redirect', message };
  return { ...withFacts(draft, { redirect: true }), problems: [...(draft.problems ?? []), warning] };
}

function variableText(text: string): string {
  return `"${shortText(text)}" holds a variable: only a run of the command knows what it stands for.`;
}
