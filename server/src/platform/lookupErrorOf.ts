import { LookupError } from '../scan/ports.ts';
import { errorCode } from './errorCode.ts';
import { HttpStatusError } from './httpStatusError.ts';
import { isDistrust, isTimeout } from './retry.ts';

/** What went wrong with a request, for people: who, what happened, and what to do where there is something. */
export function lookupErrorOf(
  error: unknown,
  { baseUrl, timeoutMs }: { readonly baseUrl: string; readonly timeoutMs: number },
): LookupError {
  const { host } = new URL(baseUrl);
  const options = { cause: error };
  if (error instanceof LookupError) {
    return new LookupError(error.reason, `${host} ${error.message}.`, options);
  }
  if (error instanceof HttpStatusError) {
    return statusError(host, error);
  }
  if (isTimeout(error)) {
    return new LookupError('timeout', `${host} did not answer within ${timeoutMs / 1000} s.`, options);
  }
  const code = errorCode(error);
  if (isDistrust(error)) {
    return new LookupError('offline', `The certificate of ${host} is not trusted here (${code}).`, options);
  }
  if (/ENOTFOUND|EAI_AGAIN/u.test(code)) {
    return new LookupError('offline', `${host} could not be found (${code}). Is there a network?`, options);
  }
  return new LookupError('offline', `${host} could not be reached${code === '' ? '' : ` (${code})`}.`, options);
}

function statusError(host: string, error: HttpStatusError): LookupError {
  const options = { cause: error };
  if (error.status === 429) {
    return new LookupError('rateLimited', `${host} asks for fewer requests (HTTP 429).`, options);
  }
  if (error.status >= 500) {
    return new LookupError('serverError', `${host} failed (HTTP ${error.status}).`, options);
  }
  return new LookupError('badResponse', `${host} refused the request (HTTP ${error.status}).`, options);
}
