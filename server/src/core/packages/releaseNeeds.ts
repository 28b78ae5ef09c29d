import { readCoreMetadata } from './coreMetadata.ts';

/** What a release asks for, by its core metadata. */
export interface ReleaseNeeds {
  /** Requirements of PEP 508. */
  readonly requires: readonly string[];
}

/** `undefined` where these are no core metadata. */
export function readReleaseNeeds(metadata: string): ReleaseNeeds | undefined {
  const read = readCoreMetadata(metadata);
  return read && { requires: read.requires };
}

/** Of something that was kept. */
export function decodeReleaseNeeds(json: unknown): ReleaseNeeds | undefined {
  const requires: unknown = typeof json === 'object' && json !== null && 'requires' in json ? json.requires : undefined;
  return Array.isArray(requires) && requires.every((one) => typeof one === 'string') ? { requires } : undefined;
}
