import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { advisoriesOf, type KnowledgeParts, type PackageKnowledge, packageKnowledge } from './packageKnowledge.ts';

/** A package's knowledge in a fraction of the memory, for one that nobody looks at just now. Never leaves the process. */
export interface PackedPackage {
  readonly bytes: Uint8Array;
  readonly checkedAt: number;
  readonly fetchedAt: number;
}

export function packPackage(knowledge: PackageKnowledge): PackedPackage {
  const { name, facts, stamps, unreadable, checkedAt, fetchedAt } = knowledge;
  const parts: Packed = {
    name,
    advisories: advisoriesOf(knowledge),
    releases: facts.releases,
    stamps: [...stamps],
    unreadable,
    checkedAt,
    fetchedAt,
  };
  // A copy: what the library gives is a small part of a large buffer.
  return { bytes: new Uint8Array(deflateRawSync(JSON.stringify(parts))), checkedAt, fetchedAt };
}

export function unpackPackage({ bytes }: PackedPackage): PackageKnowledge {
  const parts = JSON.parse(inflateRawSync(bytes).toString()) as Packed; // as `packPackage` wrote it
  return packageKnowledge({ ...parts, stamps: new Map(parts.stamps) });
}

/** Advisories and releases hold nothing but what JSON can say. */
type Packed = Omit<KnowledgeParts, 'stamps'> & { readonly stamps: readonly (readonly [id: string, stamp: string])[] };
