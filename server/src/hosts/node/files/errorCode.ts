/** The system's, OpenSSL's or undici's code, from the error or what caused it; empty where there is none. */
export function errorCode(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') {
      return at.code;
    }
  }
  return '';
}
