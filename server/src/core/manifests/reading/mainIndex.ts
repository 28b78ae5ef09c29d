/**
 * The index that most packages of a lock are from. One that is no public one is a mirror then: what is from another one
 * beside it is a project's own.
 */
export function mainIndex(urls: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const url of urls) {
    if (url !== undefined) counts.set(url, (counts.get(url) ?? 0) + 1);
  }
  return [...counts].reduce<readonly [string, number] | undefined>(
    (most, one) => (most === undefined || one[1] > most[1] ? one : most),
    undefined,
  )?.[0];
}
