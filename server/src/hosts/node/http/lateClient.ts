import type { HttpAnswer, HttpClient, HttpRequest } from './httpClient.ts';

/** Makes the client when it is first needed: what it is made of takes time to load, and kept answers need none of it. */
export class LateClient implements HttpClient {
  readonly #make: () => HttpClient;
  #client: HttpClient | undefined;
  #isClosed = false;

  constructor(make: () => HttpClient) {
    this.#make = make;
  }

  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#made().send(request, signal);
  }

  preconnect(): void {
    this.#made().preconnect();
  }

  /** A client that is not made yet has its choice still to make. */
  reset(): void {
    this.#client?.reset();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client?.close();
  }

  /** After the end it is made closed, and refuses as a client does that was closed. */
  #made(): HttpClient {
    if (this.#client === undefined) {
      this.#client = this.#make();
      if (this.#isClosed) {
        void this.#client.close();
      }
    }
    return this.#client;
  }
}
