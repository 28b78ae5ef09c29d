import { joinSources, sliceSource, type SourceText } from '../../../text/sourceText.ts';

/** A word of a command, without its quotes. */
export interface ShellWord {
  readonly source: SourceText;
  /** It holds a variable or a substitution. */
  readonly isDynamic: boolean;
  /** A redirection follows right behind it: `a>=1` writes to a file "=1". */
  readonly isRedirected: boolean;
}

/** The commands of a shell script between two offsets of a text; `undefined` where a quote is not closed. */
export function shellCommands(
  source: SourceText,
  from: number,
  to: number,
  escape = '\\',
): readonly (readonly ShellWord[])[] | undefined {
  return new ShellReader(source, to, escape, 0).read(from);
}

// `$(cat "$(ls)")` has two.
const mostSubstitutions = 4;

class ShellReader {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #end: number;
  readonly #continued: RegExp;
  readonly #commands: (readonly ShellWord[])[] = [];
  #command: ShellWord[] = [];
  /** Stretches of the text that make the word. */
  #runs: (readonly [number, number])[] = [];
  #isStarted = false;
  #isDynamic = false;
  readonly #escape: string;
  readonly #depth: number;
  /** One that is not closed makes the others plain text. */
  #hasSubstitutions: boolean;

  constructor(source: SourceText, end: number, escape: string, depth: number) {
    this.#source = source;
    this.#text = source.text;
    this.#end = end;
    this.#escape = escape;
    this.#depth = depth;
    this.#hasSubstitutions = depth < mostSubstitutions;
    this.#continued = escape === '`' ? continuedByBacktick : continuedByBackslash;
  }

  read(from: number): readonly (readonly ShellWord[])[] | undefined {
    const text = this.#text;
    for (let at = from; at < this.#end;) {
      const next = text.charAt(at);
      const continued = this.#match(this.#continued, at);
      if (continued !== undefined) {
        at += continued.length;
        // Docker leaves out lines of comments between continued ones.
        for (
          let line = this.#match(commentLine, at);
          line !== undefined && at + line.length <= this.#end;
          line = this.#match(commentLine, at)
        ) {
          at += line.length;
        }
      } else if (next === ' ' || next === '\t') {
        this.#endWord();
        at++;
      } else if (/[\r\n;&|()]/u.test(next)) {
        this.#endCommand();
        at++;
      } else if (next === '#' && !this.#isStarted) {
        at += this.#match(restOfLine, at)?.length ?? 1;
      } else if (next === "'") {
        const close = text.indexOf("'", at + 1);
        if (close < 0 || close >= this.#end) return undefined;
        this.#run(at + 1, close);
        at = close + 1;
      } else if (next === '"') {
        const close = this.#readDoubleQuoted(at);
        if (close === undefined) return undefined;
        at = close + 1;
      } else if (next === '\\' && at + 1 < this.#end) {
        this.#run(at + 1, at + 2);
        at += 2;
      } else if (this.#substitutes(at)) {
        at = this.#readSubstitution(at);
      } else if (next === '<' || next === '>') {
        this.#redirect();
        at += this.#match(redirection, at)?.length ?? 1;
      } else {
        if (next === '$' || next === '`') this.#isDynamic = true;
        this.#run(at, at + 1);
        at++;
      }
    }
    this.#endCommand();
    return this.#commands;
  }

  /** The offset of the closing quote. */
  #readDoubleQuoted(start: number): number | undefined {
    const text = this.#text;
    this.#isStarted = true;
    for (let at = start + 1; at < this.#end; at++) {
      const next = text.charAt(at);
      if (next === '"') return at;
      if (this.#substitutes(at)) {
        const behind = this.#readSubstitution(at);
        if (behind > at) {
          at = behind - 1;
          continue;
        }
      }
      if (next === '\\' && /["\\$`]/u.test(text.charAt(at + 1))) at++;
      else if (next === '\\' && /[\r\n]/u.test(text.charAt(at + 1))) {
        at++;
        continue;
      } else if (next === '$' || next === '`') this.#isDynamic = true;
      this.#run(at, at + 1);
    }
    return undefined;
  }

  #substitutes(at: number): boolean {
    const next = this.#text.charAt(at);
    const isOne = next === '`' ? this.#escape !== '`' : next === '$' && this.#text[at + 1] === '(';
    return isOne && this.#hasSubstitutions;
  }

  /** What `$(...)` or a pair of backticks stands for only a run knows; its commands are read as well. Where it ends. */
  #readSubstitution(at: number): number {
    const from = at + (this.#text[at] === '`' ? 1 : 2);
    const close = from === at + 1 ? this.#text.indexOf('`', from) : closingBracket(this.#text, from, this.#end);
    if (close < 0 || close >= this.#end) {
      this.#hasSubstitutions = false;
      return at;
    }
    const inner = new ShellReader(this.#source, close, this.#escape, this.#depth + 1).read(from);
    this.#commands.push(...(inner ?? []));
    this.#isDynamic = true;
    this.#run(at, close + 1);
    return close + 1;
  }

  #run(from: number, to: number): void {
    this.#isStarted = true;
    const last = this.#runs.at(-1);
    if (last?.[1] === from) this.#runs[this.#runs.length - 1] = [last[0], to];
    else if (to > from) this.#runs.push([from, to]);
  }

  #redirect(): void {
    const isNumber = this.#isStarted && this.#runs.every(([from, to]) => /^\d*$/u.test(this.#text.slice(from, to)));
    if (isNumber) this.#forgetWord();
    else this.#endWord(true);
  }

  #endWord(isRedirected = false): void {
    if (this.#isStarted) {
      const source = joinSources(this.#runs.map(([from, to]) => sliceSource(this.#source, from, to)));
      this.#command.push({ source, isDynamic: this.#isDynamic, isRedirected });
    }
    this.#forgetWord();
  }

  #forgetWord(): void {
    this.#runs = [];
    this.#isStarted = false;
    this.#isDynamic = false;
  }

  #endCommand(): void {
    this.#endWord();
    if (this.#command.length > 0) this.#commands.push(this.#command);
    this.#command = [];
  }

  #match(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0];
  }
}

/** The bracket that closes what is open before `from`; negative where none does. Brackets in quotes are none. */
function closingBracket(text: string, from: number, end: number): number {
  const token = /\\[^]|'[^']*'|"(?:[^"\\]|\\[^])*"|[()]/gu;
  token.lastIndex = from;
  let open = 1;
  for (let found = token.exec(text); found !== null && found.index < end; found = token.exec(text)) {
    open += found[0] === '(' ? 1 : found[0] === ')' ? -1 : 0;
    if (open === 0) return found.index;
  }
  return -1;
}

const continuedByBackslash = /\\[ \t]*(?:\r\n|\r|\n)/uy;
const continuedByBacktick = /`[ \t]*(?:\r\n|\r|\n)/uy;
const commentLine = /[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)/uy;
const restOfLine = /[^\r\n]*/uy;
const redirection =
  /[<>&|]+(?:[ \t]|[\\`](?:\r\n|\r|\n))*(?:\\(?:\r\n|[^])|`(?:\r\n|\r|\n)|"(?:[^"\\]|\\[^])*"|'[^']*'|[^\s;&|<>()"'\\])*/uy;
