import type { Log } from '../../../engine/ports.ts';
import { errorCode } from '../files/errorCode.ts';
import { isDistrust } from './retry.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from './httpClient.ts';
import { ProxyError } from './proxyError.ts';
import { TimeoutError } from './timeoutError.ts';

export interface AutoClientOptions {
  readonly direct: HttpClient;
  readonly editor: HttpClient;
  /** For people. */
  readonly host: string;
  readonly log: Log;
}

/**
 * Directly first. Where that does not even make a connection before anything was ever answered, through the editor, which may
 * know a proxy or a certificate that we do not. Whichever way is answered first is kept.
 */
export class AutoClient implements HttpClient {
  readonly #options: AutoClientOptions;
  #chosen: HttpClient | undefined;
  #hasLogged = false;

  constructor(options: AutoClientOptions) {
    this.#options = options;
  }

  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { direct, editor } = this.#options;
    if (this.#chosen !== undefined) {
      return this.#chosen.send(request, signal);
    }
    let hasBegun = false;
    const { save } = request;
    const watched: HttpRequest =
      save === undefined
        ? request
        : {
            ...request,
            save: (chunk) => {
              hasBegun = true;
              save(chunk);
            },
          };
    try {
      const answer = await direct.send(watched, signal);
      this.#chosen ??= direct;
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      // A file that is saved in part must not be saved again behind that part.
      if (this.#chosen === direct || hasBegun || !isFirstContactFailure(error)) {
        throw error;
      }
      return await this.#throughEditor(editor, request, signal, error);
    }
  }

  preconnect(): void {
    (this.#chosen ?? this.#options.direct).preconnect();
  }

  reset(): void {
    this.#chosen = undefined;
  }

  async close(): Promise<void> {
    await Promise.all([this.#options.direct.close(), this.#options.editor.close()]);
  }

  async #throughEditor(
    editor: HttpClient,
    request: HttpRequest,
    signal: AbortSignal,
    directError: unknown,
  ): Promise<HttpAnswer> {
    let answer: HttpAnswer;
    try {
      answer = await editor.send(request, signal);
    } catch {
      signal.throwIfAborted();
      throw directError; // it says more about what is wrong than the editor's second-hand words
    }
    this.#chosen ??= editor;
    if (!this.#hasLogged) {
      this.#hasLogged = true;
      const { host, log } = this.#options;
      log.info(`${host} cannot be reached directly (${shortReason(directError)}), but through the editor: using that.`);
    }
    return answer;
  }
}

/** Not trusted, not found, refused or cut off by a proxy or on the way: the editor may fare better. */
function isFirstContactFailure(error: unknown): boolean {
  if (error instanceof ProxyError || isDistrust(error)) {
    return true;
  }
  if (error instanceof TimeoutError) {
    return error.kind === 'connect';
  }
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|UND_ERR_SOCKET|EPROTO|ERR_SSL/u.test(
    errorCode(error),
  );
}

function shortReason(error: unknown): string {
  if (error instanceof ProxyError) {
    return error.message.replace(/\.$/u, '');
  }
  const code = errorCode(error);
  return code === '' ? 'no connection' : code;
}
