import type { Token } from '../../requirement.ts';
import type { NamedRequirement, RequirementsFile } from '../model.ts';

/** A requirement, and the file it is written in. */
export interface WrittenRequirement {
  readonly file: RequirementsFile;
  readonly index: number;
  readonly item: NamedRequirement;
}

/** Offsets in the document. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a token of the item at `index` stands in the document; `undefined` where the document does not say it in these
 * very words, because a variable or a continued line is in it.
 */
export function writtenAt(file: RequirementsFile, index: number, token: Token): Place | undefined {
  const origin = file.starts[index] ?? 0;
  const place = { start: origin + token.span.start, end: origin + token.span.end };
  return file.text.slice(place.start, place.end) === token.text ? place : undefined;
}
