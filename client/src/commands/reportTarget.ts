import type { OfferedFormat } from '../../../protocol/messages.ts';

export const defaultReportName = 'pinwatch-report.md';

/** The format that the ending of a file name asks for, the longest one that fits; JSON where none does. */
export function formatFor(path: string, formats: readonly OfferedFormat[]): string {
  const name = path.toLowerCase();
  const fitting = formats
    .flatMap(({ id, endings }) => endings.map((ending) => ({ id, ending })))
    .filter(({ ending }) => name.endsWith(`.${ending}`))
    .sort((a, b) => b.ending.length - a.ending.length);
  return fitting[0]?.id ?? 'json';
}

/** What a dialog offers: the format of the default name first. */
export function saveFilters(formats: readonly OfferedFormat[]): Record<string, string[]> {
  const first = formatFor(defaultReportName, formats);
  const inOrder = [...formats].sort((a, b) => Number(b.id === first) - Number(a.id === first));
  return Object.fromEntries(
    inOrder.flatMap(({ name, endings: [usual] }) => (usual === undefined ? [] : [[name, [usual]]])),
  );
}
