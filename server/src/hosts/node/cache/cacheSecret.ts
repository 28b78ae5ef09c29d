/**
 * Takes the key that authenticates kept answers out of the environment: no program that is started later inherits it. A
 * secret that CI does not hand out comes as an empty text, which is none.
 */
export function takeCacheSecret(environment: Record<string, string | undefined>): string | undefined {
  const secret = (environment['PINWATCH_CACHE_KEY'] ?? '').trim();
  delete environment['PINWATCH_CACHE_KEY'];
  return secret === '' ? undefined : secret;
}
