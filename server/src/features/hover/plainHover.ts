import type { Hover, MarkupContent } from 'vscode-languageserver-types';

/** The same hover for a client that shows plain text: what marks it up is taken away, and a table becomes one paragraph a row. */
export function plainHover(hover: Hover): Hover {
  const { contents } = hover;
  return isMarkdown(contents) ? { ...hover, contents: { kind: 'plaintext', value: plainOf(contents.value) } } : hover;
}

function isMarkdown(contents: Hover['contents']): contents is MarkupContent {
  return typeof contents === 'object' && 'kind' in contents && contents.kind === 'markdown';
}

/** For the Markdown that our own hovers are made of: paragraphs, tables, bold text, links and escapes. */
export function plainOf(markdown: string): string {
  let columns: readonly string[] | undefined;
  return markdown
    .split('\n')
    .flatMap((line) => {
      if (!line.startsWith('| ')) {
        columns = undefined;
        return [inline(line)];
      }
      const cells = cellsOf(line);
      if (columns === undefined) {
        columns = cells;
        return [];
      }
      if (cells.every((cell) => /^:?-+:?$/u.test(cell))) {
        return [];
      }
      const said = cells.flatMap((cell, at) =>
        cell === '' ? [] : [at === 0 ? cell : `${columns?.[at] ?? ''}: ${cell}`],
      );
      return [`- ${said.join('; ')}`];
    })
    .join('\n');
}

function cellsOf(row: string): readonly string[] {
  return row
    .replace(/^\|\s*|\s*\|\s*$/gu, '')
    .split(/\s*(?<!\\)\|\s*/u)
    .map(inline);
}

function inline(text: string): string {
  return text
    .replace(/(?<!\\)\[((?:\\.|[^\]\\])*)\]\(<?([^)>\s]*)>?\)/gu, '$1 ($2)')
    .replace(/(?<!\\)\*\*/gu, '')
    .replace(/&(?:lt|gt|amp);/gu, (entity) => entities[entity] ?? entity)
    .replace(/\\([!-/:-@[-`{-~])/gu, '$1')
    .replaceAll('\u2060', '');
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };
