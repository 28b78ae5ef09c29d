import type { CannedIndexOptions } from './cannedIndex.ts';
import { type DistantService, startDistant } from './distantService.ts';

export interface IndexDistance extends CannedIndexOptions {
  readonly roundTripMs: number;
}

/** A stand-in for a package index behind a line with a delay; files are at another address than pages. */
export function startDistantIndex(distance: IndexDistance): Promise<DistantService> {
  return startDistant('distantIndexProcess.ts', distance);
}
