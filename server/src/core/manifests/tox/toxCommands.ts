import { joinSources, sliceSource, type SourceText } from '../../text/sourceText.ts';
import { itemsOf, sourceOf, type TreeNode } from '../../text/tree/tree.ts';
import { type Draft, unlisted } from '../reading/draft.ts';
import { pipInstalls } from '../reading/commands/pipInstalls.ts';
import type { ShellWord } from '../reading/commands/shellWords.ts';
import { behindCondition, inFolder, withCondition } from './toxLine.ts';

/** The commands that tox runs in an environment: they may install more with pip. */
export const commandKeys: readonly string[] = ['commands_pre', 'commands', 'commands_post'];

/** What the lines of an ini file install. A backslash joins a line with the next; no shell reads them, so `a>=1` is a requirement. */
export function commandDrafts(lines: readonly SourceText[], scope: string): readonly Draft[] {
  const drafts: Draft[] = [];
  const held: SourceText[] = [];
  lines.forEach((line, index) => {
    const isJoined = line.text.endsWith('\\');
    held.push(isJoined ? sliceSource(line, 0, line.text.length - 1) : line);
    if (isJoined && index < lines.length - 1) return;
    const { rest, when } = behindCondition(joinSources(held.splice(0)));
    drafts.push(...installs(wordsOf(rest), scope, when));
  });
  return drafts;
}

/** What a list of commands in TOML installs, each of them a list of words. */
export function commandListDrafts(commands: TreeNode | undefined, scope: string): readonly Draft[] {
  return itemsOf(commands).flatMap((command) =>
    installs(
      itemsOf(command).flatMap((word) => (word.kind === 'text' ? [plainWord(sourceOf(word))] : [])),
      scope,
      undefined,
    ),
  );
}

function installs(words: readonly ShellWord[], scope: string, when: string | undefined): readonly Draft[] {
  const place = { scope, more: when === undefined ? {} : { when } };
  return unlisted(pipInstalls([words.map(besideFile)], place).map((draft) => inFolder(withCondition(draft, when))));
}

/** The file of `-r {toxinidir}/a.txt` is beside this one. */
function besideFile(word: ShellWord, index: number, words: readonly ShellWord[]): ShellWord {
  const isFile = /^(?:-[rc]|--requirements?|--constraints?)$/u.test(words[index - 1]?.source.text ?? '');
  const folder = isFile ? /^\{(?:toxinidir|tox_root)\}(?:\/|\{\/\})/u.exec(word.source.text)?.[0] : undefined;
  return folder === undefined ? word : plainWord(sliceSource(word.source, folder.length, word.source.text.length));
}

/** As shlex of Python cuts a command: quotes and backslashes, and a comment behind `#`. */
function wordsOf(source: SourceText): readonly ShellWord[] {
  const words: ShellWord[] = [];
  for (const { 0: word, index } of source.text.matchAll(wordPattern)) {
    if (word.startsWith('#')) break;
    const runs = [...word.matchAll(runPattern)].map(({ 0: run, index: at }) => {
      const cut = /^["']/u.test(run) ? 1 : 0;
      const from = index + at + (run.startsWith('\\') ? 1 : cut);
      return sliceSource(source, from, index + at + run.length - cut);
    });
    words.push(plainWord(joinSources(runs)));
  }
  return words;
}

const wordPattern = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/gsu;
const runPattern = /"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^"'\\]+/gsu;

function plainWord(source: SourceText): ShellWord {
  return { source, isDynamic: false, isRedirected: false };
}
