import { realFolders } from './loader.ts';
import { isBelow, isNowhere, realPlaceOf } from './realPlace.ts';

/** `unclear`: the system does not say, since the way there is a circle of links or may not be read. */
export type Whereabouts = 'inside' | 'outside' | 'missing' | 'unclear';

/** Where a file lies, with every link on the way followed: below one of the folders or not, whether it is there or not. */
export async function whereIs(file: string, folders: readonly string[]): Promise<Whereabouts> {
  try {
    const [place, reals] = await Promise.all([realPlaceOf(file), realFolders(folders)]);
    if (!isBelow(place.path, reals)) {
      return 'outside';
    }
    return place.exists ? 'inside' : 'missing';
  } catch (error) {
    return isNowhere(error) ? 'missing' : 'unclear';
  }
}
