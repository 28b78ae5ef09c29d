/** Of the file of a disk cache. */
export const mostCacheBytes = 256 * 1024 * 1024;
