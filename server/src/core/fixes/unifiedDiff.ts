/** The change of a file as `diff -u` writes it, for `git apply`; empty where nothing changed. */
export function unifiedDiff(path: string, oldText: string, newText: string): string {
  if (oldText === newText) {
    return '';
  }
  const steps = stepsOf(linesOf(oldText), linesOf(newText));
  const hunks = hunksOf(steps).map(hunkText);
  return `--- a/${path}\n+++ b/${path}\n${hunks.join('')}`;
}

interface Step {
  readonly sign: ' ' | '-' | '+';
  /** With its line end. */
  readonly line: string;
  /** Lines of the old and the new text before it. */
  readonly oldAt: number;
  readonly newAt: number;
}

const context = 3;
// Beyond it the middle is one change: it is found in time, and right all the same.
const mostCells = 4_000_000;

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
}

function stepsOf(a: readonly string[], b: readonly string[]): readonly Step[] {
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  const push = (sign: Step['sign'], line: string): void => {
    steps.push({ sign, line, oldAt: i, newAt: j });
    i += sign === '+' ? 0 : 1;
    j += sign === '-' ? 0 : 1;
  };
  for (const pair of common(a, b)) {
    while (i < pair.old) push('-', a[i] ?? '');
    while (j < pair.new) push('+', b[j] ?? '');
    push(' ', a[i] ?? '');
  }
  while (i < a.length) push('-', a[i] ?? '');
  while (j < b.length) push('+', b[j] ?? '');
  return steps;
}

/** Lines that stay, in order. */
function common(a: readonly string[], b: readonly string[]): readonly { readonly old: number; readonly new: number }[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const pairs = Array.from({ length: start }, (_, at) => ({ old: at, new: at }));
  const [rows, columns] = [a.length - start - end, b.length - start - end];
  if (rows === columns) {
    // Most fixes change lines and leave their number.
    for (let at = start; at < start + rows; at++) {
      if (a[at] === b[at]) pairs.push({ old: at, new: at });
    }
  } else if (rows * columns <= mostCells) {
    pairs.push(...longest(a, b, start, rows, columns));
  }
  for (let at = end; at > 0; at--) pairs.push({ old: a.length - at, new: b.length - at });
  return pairs;
}

function longest(
  a: readonly string[],
  b: readonly string[],
  start: number,
  rows: number,
  columns: number,
): readonly { readonly old: number; readonly new: number }[] {
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row * width + column] =
        a[start + row] === b[start + column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: { readonly old: number; readonly new: number }[] = [];
  for (let [row, column] = [0, 0]; row < rows && column < columns;) {
    if (a[start + row] === b[start + column]) {
      pairs.push({ old: start + row++, new: start + column++ });
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      row++;
    } else {
      column++;
    }
  }
  return pairs;
}

function hunksOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const hunks: Step[][] = [];
  let last = -Infinity;
  steps.forEach(({ sign }, at) => {
    if (sign === ' ') {
      return;
    }
    const from = Math.max(at - context, last + 1, 0);
    const hunk = from <= last + 1 && hunks.length > 0 && at - context <= last + 1 ? hunks.at(-1) : undefined;
    const end = Math.min(at + context, steps.length - 1);
    if (hunk === undefined) {
      hunks.push(steps.slice(from, end + 1));
    } else {
      hunk.push(...steps.slice(last + 1, end + 1));
    }
    last = Math.max(last, end);
  });
  return hunks;
}

function hunkText(steps: readonly Step[]): string {
  const [first] = steps;
  const olds = steps.filter(({ sign }) => sign !== '+').length;
  const news = steps.filter(({ sign }) => sign !== '-').length;
  const range = (at: number, count: number): string => `${count === 0 ? at : at + 1}${count === 1 ? '' : `,${count}`}`;
  const head = `@@ -${range(first?.oldAt ?? 0, olds)} +${range(first?.newAt ?? 0, news)} @@\n`;
  const lines = steps.map(({ sign, line }) =>
    line.endsWith('\n') ? `${sign}${line}` : `${sign}${line}\n\\ No newline at end of file\n`,
  );
  return head + lines.join('');
}
