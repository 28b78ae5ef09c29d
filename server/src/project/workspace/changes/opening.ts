import type { Settings } from '../../../../../protocol/settings.ts';
import { kindOfNamed } from '../../../core/manifests/manifestKinds.ts';
import { hasTooManyLines } from '../../../core/text/lineLimit.ts';
import { decodedId, fileId } from '../../fileId.ts';
import type { TrackedDocument } from '../fileSnapshot.ts';
import { TrackedFile } from '../trackedFile.ts';

// Where the machine is new to it, some milliseconds of work; each piece also costs a look at all before it.
const pieceLength = 2_000;
// The one who opens it waits for the first.
const firstLength = 500;
const largeLength = 8_000;

/**
 * A document that is read piece by piece before the workspace opens it, so that nobody waits for all of a large one. Until
 * then the workspace knows nothing of it.
 */
export class Opening {
  readonly file: TrackedFile;
  readonly settings: Settings;
  readonly #text: string;
  readonly #tell: (file: TrackedFile) => void;
  readonly #pieceLength: number;
  #end: number;

  /** `tell` brings the lines that are there up to date. */
  constructor(document: TrackedDocument, text: string, settings: Settings, tell: (file: TrackedFile) => void) {
    this.#text = text;
    this.settings = settings;
    this.#tell = tell;
    const kind = kindOfNamed(decodedId(fileId(document.uri)));
    const isWhole = kind.isReadWhole === true;
    this.#pieceLength = isWhole ? text.length : pieceLength;
    const isTooLong = hasTooManyLines(text);
    this.#end = isTooLong ? text.length : isWhole ? 0 : pieceEnd(text, 0, firstLength);
    this.file = new TrackedFile(document, kind.parse(isTooLong ? '' : text.slice(0, this.#end)), settings);
  }

  get isWhole(): boolean {
    return this.#end === this.#text.length;
  }

  /** Reads the next piece; all of it where each piece would have all before it read again. */
  grow(): void {
    const { file } = this.file;
    const [start, end] = [this.#end, pieceEnd(this.#text, this.#end, this.#pieceLength)];
    this.#end = end;
    const grown = file.edit([{ start: file.length, end: file.length, text: this.#text.slice(start, end) }]);
    this.file.update(grown, this.file.version, new Set());
    this.#tell(this.file);
  }

  /** Reads all that is left. */
  finish(): void {
    while (!this.isWhole) {
      this.grow();
    }
  }
}

/** Whether it takes so long to read that it should not be read all at once. */
export function isLarge(text: string): boolean {
  return text.length > largeLength;
}

/** At the end of a line; never between the two characters of one line break. */
function pieceEnd(text: string, start: number, length: number): number {
  const lineEnd = text.indexOf('\n', start + length);
  return lineEnd === -1 ? text.length : lineEnd + 1;
}
