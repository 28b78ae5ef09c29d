import { positionAt } from '../core/manifests/places.ts';
import type { FoldingRange } from 'vscode-languageserver-types';
import type { Manifest } from '../core/manifests/manifest.ts';

/**
 * What can be folded: a requirement over several lines with the indented comments right below it (the hashes and `# via`
 * notes that pip-compile and uv write), and runs of comment lines, such as their header.
 */
export function foldingRanges(file: Manifest, limit = Infinity): FoldingRange[] {
  const comments = commentLines(file);
  const items = itemLines(file);
  for (const { start, end } of items) {
    for (let line = start; line <= end; line++) {
      comments.delete(line);
    }
  }
  const folds: FoldingRange[] = [];
  const notes: number[] = [];
  let lastLine = -1;
  for (const { start, end } of items) {
    let endLine = end;
    while (comments.get(endLine + 1) === 'indented') {
      endLine++;
      comments.delete(endLine);
      notes.push(endLine);
    }
    // pip breaks lines at a form feed, editors do not: two items may share a line.
    if (endLine > start && start > lastLine) {
      folds.push({ startLine: start, endLine });
    }
    lastLine = Math.max(lastLine, endLine);
  }
  return [...folds, ...commentRuns(notes), ...commentRuns([...comments.keys()])]
    .sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine)
    .slice(0, limit);
}

/** First and last line of each item, as LSP counts lines. */
function itemLines(file: Manifest): readonly { readonly start: number; readonly end: number }[] {
  return file.entries.map(({ span }, index) => {
    const origin = file.starts[index] ?? 0;
    return { start: positionAt(file, origin + span.start).line, end: positionAt(file, origin + span.end).line };
  });
}

function commentLines(file: Manifest): Map<number, 'indented' | 'flush'> {
  const lines = new Map<number, 'indented' | 'flush'>();
  const { text, lineStarts } = file;
  for (let line = 0; line < lineStarts.length; line++) {
    const start = lineStarts[line] ?? 0;
    let at = start;
    while (text[at] === ' ' || text[at] === '\t') {
      at++;
    }
    if (text[at] === '#') {
      lines.set(line, at > start ? 'indented' : 'flush');
    }
  }
  return lines;
}

/** Two or more lines of comment one after another. */
function commentRuns(lines: readonly number[]): readonly FoldingRange[] {
  const runs: FoldingRange[] = [];
  for (let first = 0, next = 0; first < lines.length; first = next) {
    const startLine = lines[first] ?? 0;
    next = first + 1;
    while (lines[next] === startLine + (next - first)) {
      next++;
    }
    if (next - first > 1) {
      runs.push({ startLine, endLine: startLine + (next - first) - 1, kind: 'comment' });
    }
  }
  return runs;
}
