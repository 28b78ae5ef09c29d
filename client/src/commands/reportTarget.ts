import type { OfferedFormat } from '../../../protocol/messages/serverOffers.ts';

/** The format that the ending of a file name asks for, the longest one that fits; JSON where none does. */
export function formatFor(path: string, formats: readonly OfferedFormat[]): string {
  const name = path.toLowerCase();
  const fitting = formats
    .flatMap(({ id, endings }) => endings.map((ending) => ({ id, ending })))
    .filter(({ ending }) => name.endsWith(`.${ending}`))
    .sort((a, b) => b.ending.length - a.ending.length);
  return fitting[0]?.id ?? 'json';
}

export interface FormatPick {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly format: OfferedFormat;
}

/** What a pick list offers: every format that has a file ending, what people read first. */
export function formatPicks(formats: readonly OfferedFormat[]): readonly FormatPick[] {
  return formats
    .filter(({ endings }) => endings.length > 0)
    .sort((a, b) => Number(b.id === 'markdown') - Number(a.id === 'markdown'))
    .map((format) => ({
      label: format.name,
      description: `.${format.endings[0] ?? ''}`,
      detail: format.description,
      format,
    }));
}
