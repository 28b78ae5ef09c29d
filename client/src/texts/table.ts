export type Row = readonly [label: string, value: string | number];

/** A titled table in plain text, labels to the left and figures to the right; ends with an empty line. */
export function table(title: string, rows: readonly Row[]): readonly string[] {
  const labelWidth = Math.max(16, ...rows.map(([label]) => label.length + 1));
  const valueWidth = 14;
  return [
    title,
    ...rows.map(([label, value]) => `  ${label.padEnd(labelWidth)}${String(value).padStart(valueWidth)}`),
    '',
  ];
}

/** Pairs as plain text, the values in one column; for values that are words. */
export function list(title: string, rows: readonly Row[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  return [title, ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`), ''];
}
