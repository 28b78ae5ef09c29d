import type { ReadFormat } from '../reading/entryManifest.ts';
import { type LockShape, readLock } from '../reading/lock/lockShape.ts';

/** The format of a lock of this shape. */
export function lockFormat(
  { id, matches, lockAgain }: Required<Pick<ReadFormat, 'id' | 'matches' | 'lockAgain'>>,
  shape: LockShape,
): ReadFormat {
  return { id, matches, lockAgain, shape, read: (text) => readLock(text, shape) };
}
