import type { ChunkedText } from '../../text/chunkedText.ts';
import type { Environment } from './lexical/environment.ts';
import type { Item, RequirementsFile } from './model.ts';

/** A requirements file with what it takes to read it again in part. */
export class ParsedFile implements RequirementsFile {
  readonly chunks: ChunkedText;
  readonly environment: Environment;
  readonly items: readonly Item[];
  readonly starts: Int32Array;
  readonly lineStarts: Int32Array;
  /** Made by a change of comments or blank space. */
  readonly isSilentEdit: boolean;

  constructor(
    chunks: ChunkedText,
    environment: Environment,
    content: {
      readonly items: readonly Item[];
      readonly starts: Int32Array;
      readonly lineStarts: Int32Array;
      readonly isSilentEdit?: boolean;
    },
  ) {
    this.chunks = chunks;
    this.environment = environment;
    this.items = content.items;
    this.starts = content.starts;
    this.lineStarts = content.lineStarts;
    this.isSilentEdit = content.isSilentEdit ?? false;
  }

  /** Put together when it is first asked for. */
  get text(): string {
    return this.chunks.toString();
  }

  get length(): number {
    return this.chunks.length;
  }

  slice(start: number, end: number): string {
    return this.chunks.slice(start, end);
  }
}
