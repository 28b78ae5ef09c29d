import { joinSources, sliceSource, type SourceText } from '../../text/sourceText.ts';
import { type Draft, unlisted } from '../reading/draft.ts';
import { type InstallPlace, pipInstalls } from '../reading/commands/pipInstalls.ts';
import { shellCommands, type ShellWord } from '../reading/commands/shellWords.ts';

/**
 * What a line of Python installs that runs a command: `os.system("pip install a")`, `subprocess.run(["pip", "install", "a"])`. `at`: where the
 * line begins. The call may go on behind it.
 */
export function pythonCallDrafts(source: SourceText, at: number, place: InstallPlace): readonly Draft[] {
  callPattern.lastIndex = at;
  if (callPattern.exec(source.text) === null) return [];
  const from = callPattern.lastIndex;
  listPattern.lastIndex = from;
  const list = listPattern.exec(source.text);
  if (list !== null) return unlisted(pipInstalls([wordsOf(source, from + 1, listPattern.lastIndex - 1)], place));
  textPattern.lastIndex = from;
  if (textPattern.exec(source.text) === null) return [];
  const command = textOf(source, from, textPattern.lastIndex);
  const commands = shellCommands(command, 0, command.text.length);
  return commands === undefined ? [] : unlisted(pipInstalls(commands, place));
}

/** At the beginning of a line, perhaps behind the name that takes what comes of it. */
const callPattern =
  /[^\S\n]*(?:[\w.,][\w., ]*=[^\S\n]*)?(?:os\.system|subprocess\.(?:run|call|check_call|check_output|getoutput|Popen)|get_ipython\(\)\.system)\(\s*/uy;
// A command has a few words.
const listPattern = /\[[^[\]]{0,4000}\]/uy;
const textPattern = /(?:[rfbuRFBU]{0,2}(?:"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*')\s*)+/uy;
const onePart = /([rfbuRFBU]{0,2})(?:"((?:[^"\\\n]|\\[^\n])*)"|'((?:[^'\\\n]|\\[^\n])*)')/gu;

/** The text that literals make together, one behind the other. */
function textOf(source: SourceText, from: number, to: number): SourceText {
  return joinSources(
    [...source.text.slice(from, to).matchAll(onePart)].flatMap(
      ({ 0: whole, 1: kind = '', 2: one, 3: other, index }) => {
        const start = from + index + kind.length + 1;
        return unescaped(source, start, start + (one ?? other ?? '').length, !/r/iu.test(kind) && whole.includes('\\'));
      },
    ),
  );
}

/** Quotes and backslashes behind a backslash stand for themselves. */
function unescaped(source: SourceText, from: number, to: number, isEscaped: boolean): readonly SourceText[] {
  if (!isEscaped) return [sliceSource(source, from, to)];
  return [...source.text.slice(from, to).matchAll(/\\(?=["'\\])(.)|(?:[^\\]|\\(?!["'\\]))+/gsu)].map(
    ({ 0: run, 1: plain, index }) => {
      const start = from + index + (plain === undefined ? 0 : 1);
      return sliceSource(source, start, from + index + run.length);
    },
  );
}

/** What is no text is a variable, but for the Python that runs. */
function wordsOf(source: SourceText, from: number, to: number): readonly ShellWord[] {
  return [...source.text.slice(from, to).matchAll(itemPattern)].flatMap(({ 0: item, index }) => {
    const start = from + index;
    if (item.startsWith('#')) return [];
    const isText = /^[rfbuRFBU]{0,2}["']/u.test(item);
    const word = isText ? textOf(source, start, start + item.length) : sliceSource(source, start, start + item.length);
    return [{ source: word, isDynamic: !isText, isRedirected: false }];
  });
}

const itemPattern =
  /#[^\n]*|(?:[rfbuRFBU]{0,2}(?:"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*')\s*)+|[^\s,"'#]+(?:[^\S\n]+[^\s,"'#]+)*/gu;
