import { readToml } from '../../text/toml/readToml.ts';
import { nodeAt } from '../../text/tree/tree.ts';
import type { Span } from '../../text/position.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { textDrafts, wayDrafts } from '../reading/expected.ts';
import { pep508Draft } from '../reading/pep508Draft.ts';
import { dynamicDraft, problemDraft, syntaxDrafts } from '../reading/problems.ts';
import { sourceDrafts, uvSources, withUvSource } from '../reading/uvSources.ts';

/** Python files: the block of PEP 723 that says what a script needs. */
export const scriptFormat: ReadFormat = {
  id: 'script',
  matches: (path) => /(?:^|\/)[^/]+\.py$/iu.test(path),
  mark: '# /// script',
  read: (text) => readScript(text),
};

/** setup.py is a program: what it asks for only a run of it knows, and Pinwatch runs nothing. */
export const setupPyFormat: ReadFormat = {
  id: 'setup.py',
  matches: (path) => /(?:^|\/)setup\.py$/iu.test(path),
  read: (text) => {
    const span = keywordIn(text);
    if (span === undefined) return readScript(text);
    const message =
      'setup.py is a program, which Pinwatch does not run: what it asks for is not known. Write the dependencies into pyproject.toml.';
    return [dynamicDraft(span, text.slice(span.start, span.end), 'dependencies', message)];
  },
};

/** Where a program first says what its package asks for: as an argument, a variable or a key; not in comments and texts. */
function keywordIn(text: string): Span | undefined {
  const token = new RegExp(pythonToken, 'gu');
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const { 0: whole, 1: key, 2: word, index } = found;
    const keyword = key ?? word;
    if (keyword !== undefined) {
      const start = index + (key === undefined ? 0 : 1);
      return { start, end: start + keyword.length };
    }
    token.lastIndex = index + whole.length;
    endOf(token, whole, text);
  }
  return undefined;
}

const pythonToken =
  /["'](install_requires|setup_requires|tests_require|extras_require)["'](?=\s*(?::|\]\s*=(?!=)))|"""|'''|["'#]|\b(install_requires|setup_requires|tests_require|extras_require)\b(?=\s*(?::[^=\r\n]*)?=(?!=))/u;

/** Moves on behind the comment or text that begins with `opening`. */
function endOf(token: RegExp, opening: string, text: string): void {
  const closing = opening === '#' ? /[\r\n]|$/gu : opening.length === 3 ? /\\[^]|"""|'''|$/gu : /\\[^]|["'\r\n]|$/gu;
  closing.lastIndex = token.lastIndex;
  let found = closing.exec(text);
  while (found !== null && !/^(?:|[\r\n])$/u.test(found[0]) && found[0] !== opening) found = closing.exec(text);
  token.lastIndex = found === null ? text.length : found.index + found[0].length;
}

function readScript(text: string): readonly Draft[] {
  const [block, second] = text.includes('# /// script') ? blocksOf(text) : [];
  if (block === undefined) return [];
  if (second !== undefined) {
    return [
      problemDraft(
        { start: second.begin, end: second.start },
        'script',
        'A script may have one block "# /// script" only.',
      ),
    ];
  }
  const { root, faults } = readToml(tomlOf(text, block));
  const uv = nodeAt(root, 'tool', 'uv');
  const sources = uvSources(uv);
  const lists = [
    ['script', 'dependencies', root],
    ['constraint', 'constraint-dependencies', uv],
    ['override', 'override-dependencies', uv],
    ['build-constraint', 'build-constraint-dependencies', uv],
  ] as const;
  return [
    ...syntaxDrafts(faults),
    ...sourceDrafts(uv),
    ...wayDrafts(root, [['tool', 'uv']]),
    ...lists.flatMap(([scope, key, table]) =>
      textDrafts(nodeAt(table, key), key, (node) => [withUvSource(pep508Draft(node, scope), sources)]),
    ),
  ];
}

/** The lines between the first and the last of a block; `begin` is where the first begins. */
interface Block extends Span {
  readonly begin: number;
}

/** The blocks of type `script`, by the pattern of PEP 723: up to the last `# ///` of the comment lines. */
function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = [...text.matchAll(/([^\r\n]*)(?:\r\n|\r|\n|$)/gu)];
  for (let at = 0; at < lines.length; at++) {
    const type = /^\ufeff?# \/\/\/ ([a-zA-Z0-9-]+)$/u.exec(lines[at]?.[1] ?? '')?.[1];
    if (type === undefined) continue;
    let end = at + 1;
    let close: number | undefined;
    for (; end < lines.length && /^#(?: .*)?$/u.test(lines[end]?.[1] ?? ''); end++) {
      if (lines[end]?.[1] === '# ///' && end > at + 1) close = end;
    }
    if (close === undefined) continue;
    const [first, last] = [lines[at], lines[close]];
    if (type === 'script' && first !== undefined && last !== undefined) {
      blocks.push({ begin: first.index, start: first.index + first[0].length, end: last.index });
    }
    at = close;
  }
  return blocks;
}

/** The block as TOML: blanks in place of all else keep the offsets. */
function tomlOf(text: string, { start, end }: Block): string {
  const content = text.slice(start, end).replace(/^# ?/gmu, (prefix) => ' '.repeat(prefix.length));
  return ' '.repeat(start) + content;
}
