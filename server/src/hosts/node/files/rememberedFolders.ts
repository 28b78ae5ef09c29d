import { realFolders } from './loader.ts';

/**
 * `realFolders` that looks at each folder once: for one run, which reads many files below the same few. A folder that is
 * replaced by a link meanwhile leads out of where it was, and nothing is read there.
 */
export function rememberedFolders(): typeof realFolders {
  const known = new Map<string, string>();
  return async (folders) => {
    for (const folder of folders.filter((one) => !known.has(one))) {
      const [real] = await realFolders([folder]);
      if (real !== undefined) {
        known.set(folder, real);
      }
    }
    return folders.flatMap((folder) => known.get(folder) ?? []);
  };
}
