import { readJson } from '../../text/json/readJson.ts';
import { itemsOf, nodeAt, sourceOf, type TableNode, textAt, type TreeNode } from '../../text/tree/tree.ts';
import { joinSources, type SourceText, spanOf } from '../../text/sourceText.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { isNothing, notTable, tableDrafts, textDrafts } from '../reading/expected.ts';
import { syntaxDrafts } from '../reading/problems.ts';
import { mentionsPip, pipInstalls, unclosedDraft } from '../reading/commands/pipInstalls.ts';
import { shellCommands } from '../reading/commands/shellWords.ts';
import { pythonCallDrafts } from './pythonCalls.ts';

/** Notebooks of Jupyter: `%pip install` and `!pip install` in their cells, the same of conda, and calls of Python that run such a command. */
export const notebookFormat: ReadFormat = {
  id: 'notebook',
  matches: (path) => /(?:^|\/)[^/]+\.ipynb$/iu.test(path),
  read: readNotebook,
};

function readNotebook(text: string): readonly Draft[] {
  if (text.trim() === '') return []; // as it is made, before anything is written into it
  const { root, faults } = readJson(text);
  const sheets = itemsOf(nodeAt(root, 'worksheets')).flatMap((sheet) => itemsOf(nodeAt(sheet, 'cells')));
  const cells = nodeAt(root, 'cells') === undefined ? sheets : itemsOf(nodeAt(root, 'cells'));
  return [
    ...syntaxDrafts(faults),
    ...shapeDrafts(root),
    ...cells.flatMap((cell, number) => (textAt(cell, 'cell_type')?.value === 'code' ? cellDrafts(cell, number) : [])),
  ];
}

/** What is no notebook, but JSON. */
function shapeDrafts(root: TreeNode | undefined): readonly Draft[] {
  if (isNothing(root)) return [];
  if (root.kind !== 'table') return [notTable(root, 'The notebook')];
  return ['cells', 'worksheets'].flatMap((key) => tableDrafts(nodeAt(root, key), key, codeShape));
}

/** Text, or a list of texts. */
function codeShape(cell: TableNode): readonly Draft[] {
  if (textAt(cell, 'cell_type')?.value !== 'code') return [];
  const code = nodeAt(cell, 'source') ?? nodeAt(cell, 'input');
  return isNothing(code) || code.kind === 'text' ? [] : textDrafts(code, 'source', () => []);
}

function cellDrafts(cell: TreeNode, number: number): readonly Draft[] {
  const code = nodeAt(cell, 'source') ?? nodeAt(cell, 'input');
  const chunks = code?.kind === 'list' ? code.items : code === undefined ? [] : [code];
  const sources = chunks.flatMap((chunk) => (chunk.kind === 'text' && chunk.value !== '' ? [sourceOf(chunk)] : []));
  if (sources.length === 0 || !sources.some(({ text }) => /pip|uv|conda|mamba/u.test(text))) return [];
  return codeDrafts(joinSources(sources), number);
}

const shellMagics: ReadonlySet<string> = new Set(['bash', 'sh', 'shell', 'script', 'system', 'sx', '!']);
const pythonMagics: ReadonlySet<string> = new Set(['capture', 'time', 'timeit']);

/** What the code of one cell installs. */
function codeDrafts(source: SourceText, cell: number): readonly Draft[] {
  const { text } = source;
  const [head = '', magic] = /^(?:[^\S\n]*\n)*[^\S\n]*%%(\w+|!)[^\n]*\n?/u.exec(text) ?? [];
  if (magic !== undefined && shellMagics.has(magic)) return shellDrafts(source, head.length, text.length, cell);
  if (magic !== undefined && !pythonMagics.has(magic)) return [];
  const drafts: Draft[] = [];
  const line = /[^\n\\]*(?:\\(?:\n|[^\n])?[^\n\\]*)*(?:\n|$)/uy;
  let open: string | undefined;
  for (let at = 0; at < text.length; at = line.lastIndex) {
    if (open !== undefined) {
      const lineEnd = text.indexOf('\n', at);
      const end = lineEnd < 0 ? text.length : lineEnd + 1;
      open = openAfter(text.slice(at, end), open);
      line.lastIndex = end;
      continue;
    }
    line.lastIndex = at;
    const whole = line.exec(text)?.[0] ?? '';
    if (whole === '') break;
    const content = whole.replace(/\n$/u, '');
    const [prefix, sign] = opening.exec(content) ?? [];
    if (sign === undefined) open = openAfter(whole, undefined);
    const rest = content.slice(prefix?.length ?? 0);
    const isInstall =
      sign === undefined
        ? /^pip3?\s+install\b/u.test(content)
        : sign !== '%' || /^(?:pip|uv|conda|mamba|micromamba)\b/u.test(rest);
    if (isInstall) drafts.push(...shellDrafts(source, at + (prefix?.length ?? 0), at + content.length, cell));
    else if (sign === undefined) drafts.push(...pythonCallDrafts(source, at, { scope: 'cell', more: { cell } }));
  }
  return drafts;
}

/** `!pip`, `%pip`, `x = !pip`, `%time !pip`, `%system pip`, `%shell pip` of Colab. */
const opening =
  /^\s*(?:[A-Za-z_][^=!%\n]*=[^\S\n]*(?=[!%]))?(?:%(?:time|timeit|prun)[^\S\n]+(?=[!%]))?(!!?|%(?:(?:sx|system|shell|sh)\b)?)\s*/u;

/** The quotes of a text over several lines that is still open behind a line of Python. `before`: those that it begins in. */
function openAfter(line: string, before: string | undefined): string | undefined {
  const token = /#[^\n]*|"""|'''|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?/gu;
  for (let open = before; ;) {
    if (open !== undefined) {
      const close = line.indexOf(open, token.lastIndex);
      if (close < 0) return open;
      token.lastIndex = close + open.length;
    }
    let found = token.exec(line);
    while (found !== null && !/^("""|''')$/u.test(found[0])) found = token.exec(line);
    if (found === null) return undefined;
    open = found[0];
  }
}

function shellDrafts(source: SourceText, from: number, to: number, cell: number): readonly Draft[] {
  const commands = shellCommands(source, from, to);
  if (commands !== undefined) return pipInstalls(commands, { scope: 'cell', more: { cell } });
  return mentionsPip(source.text.slice(from, to)) ? [unclosedDraft(spanOf(source, from, to), 'cell')] : [];
}
