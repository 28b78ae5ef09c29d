import type { Version } from '../versions/version.ts';

/** One release of a project, as a package index tells of it (PEP 691, PEP 700). */
export interface Release {
  readonly version: Version;
  /** Every file of it is yanked (PEP 592). */
  readonly yanked: boolean;
  /** `requires-python` as the index has it; absent where no file says. */
  readonly requiresPython?: string;
  /** When its first file was uploaded (PEP 700), milliseconds since the epoch; absent where the index does not say. */
  readonly uploadedAt?: number;
  readonly files: readonly ReleaseFile[];
}

export interface ReleaseFile {
  readonly filename: string;
  /** Hexadecimal SHA-256; absent where the index gives none. */
  readonly sha256?: string;
  readonly yanked: boolean;
}
