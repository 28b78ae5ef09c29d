import { realFolders } from './loader.ts';
import { isBelow, realPlaceOf } from './realPlace.ts';

/** Where a file lies, with every link on the way followed: below one of the folders or not, whether it is there or not. */
export async function whereIs(file: string, folders: readonly string[]): Promise<'inside' | 'outside' | 'missing'> {
  try {
    const [place, reals] = await Promise.all([realPlaceOf(file), realFolders(folders)]);
    if (!isBelow(place.path, reals)) {
      return 'outside';
    }
    return place.exists ? 'inside' : 'missing';
  } catch {
    return 'missing';
  }
}
