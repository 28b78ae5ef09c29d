import { sentence } from '../../../core/text/plainText.ts';
import { LookupError } from '../../../engine/ports.ts';
import { errorCode } from '../files/errorCode.ts';
import { ProxyError } from './proxyError.ts';
import { TimeoutError } from './timeoutError.ts';
import { HttpStatusError } from './httpStatusError.ts';
import { isDistrust, isTimeout, notImplemented } from './retry.ts';

/** What went wrong with a request, for people: who, what happened, and what to do where there is something. */
export function lookupErrorOf(
  error: unknown,
  { baseUrl, timeoutMs }: { readonly baseUrl: string; readonly timeoutMs: number },
): LookupError {
  const { host } = new URL(baseUrl);
  const options = { cause: error };
  if (error instanceof LookupError) {
    return new LookupError(error.reason, sentence(`${host} ${error.message}`), options);
  }
  if (error instanceof HttpStatusError) {
    return statusError(host, error);
  }
  if (error instanceof ProxyError) {
    return new LookupError('offline', `${host} could not be reached. ${error.message}`, options);
  }
  if (error instanceof TimeoutError) {
    return new LookupError('timeout', `${host} ${deadlineText(error)}.`, options);
  }
  if (isTimeout(error)) {
    return new LookupError('timeout', `${host} did not answer within ${timeoutMs / 1000} s.`, options);
  }
  const code = errorCode(error);
  if (isDistrust(error)) {
    const what = `The certificate of ${host} is not trusted here (${code}).`;
    return new LookupError('offline', `${what} Add its authority to the system's certificates.`, options);
  }
  if (/ENOTFOUND|EAI_AGAIN/u.test(code)) {
    return new LookupError('offline', `${host} could not be found (${code}). Is there a network?`, options);
  }
  return new LookupError('offline', `${host} could not be reached${code === '' ? '' : ` (${code})`}.`, options);
}

function deadlineText({ kind, afterMs }: TimeoutError): string {
  const seconds = afterMs / 1000;
  switch (kind) {
    case 'connect':
      return `could not be reached within ${seconds} s`;
    case 'idle':
      return `did not answer within ${seconds} s`;
    case 'slow':
      return `sent almost nothing of its answer within ${seconds} s`;
    case 'whole':
      return `did not finish its answer within ${seconds} s`;
  }
}

function statusError(host: string, error: HttpStatusError): LookupError {
  const options = { cause: error };
  const { status } = error;
  if (status === 429) {
    return new LookupError('rateLimited', `${host} asks for fewer requests (HTTP 429).`, options);
  }
  if (status >= 500 && status !== notImplemented) {
    return new LookupError('serverError', `${host} failed (HTTP ${status}).`, options);
  }
  if (status >= 300 && status < 400) {
    const what = `${host} redirects to ${redirectTarget(error, host)} (HTTP ${status}), which is not followed.`;
    return new LookupError(
      'badResponse',
      `${what} Sign in to the network, or correct the address of the service.`,
      options,
    );
  }
  return new LookupError('badResponse', `${host} refused the request (HTTP ${status}).`, options);
}

/** The host only: a URL of a sign-in page is long, and foreign. */
function redirectTarget({ location }: HttpStatusError, host: string): string {
  const target = location === undefined ? null : URL.parse(location, `https://${host}`);
  return target === null || target.host === '' || target.host.length > 100 ? 'another address' : target.host;
}

/** A request that the circuit breaker did not let go. `leftMs` as it says. */
export function heldBack(error: Error, leftMs: number): LookupError {
  const when =
    leftMs > 0 ? `not before ${Math.ceil(leftMs / 1000)} s from now` : 'when the current request is answered';
  const reason = error instanceof LookupError ? error.reason : 'offline';
  return new LookupError(reason, `${error.message} It is asked again ${when}.`, { cause: error });
}
