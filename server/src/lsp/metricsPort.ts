import type { Log } from '../engine/ports.ts';
import type { Environment } from './environment.ts';

/** Offers the server's figures on the port of the settings; 0 is none. One that cannot be had is said once in the log. */
export class MetricsPort {
  readonly #serve: Environment['serveMetrics'];
  readonly #text: () => string;
  readonly #log: Log;
  #wanted = 0;
  #served: { close(): Promise<void> } | undefined;
  /** One change after the other: a port must be free before it is taken again. */
  #changes: Promise<void> = Promise.resolve();

  constructor(serve: Environment['serveMetrics'], text: () => string, log: Log) {
    this.#serve = serve;
    this.#text = text;
    this.#log = log;
  }

  /** Resolves when the port is served, or could not be had. */
  use(port: number): Promise<void> {
    if (port !== this.#wanted) {
      this.#wanted = port;
      this.#changes = this.#changes.then(() => this.#change(port));
    }
    return this.#changes;
  }

  close(): Promise<void> {
    return this.use(0);
  }

  async #change(port: number): Promise<void> {
    await this.#served?.close();
    this.#served = undefined;
    if (port === 0 || port !== this.#wanted) {
      return;
    }
    try {
      this.#served = await this.#serve(port, this.#text);
      this.#log.info(`Metrics are at http://127.0.0.1:${port}/metrics.`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#log.warn(
        `Metrics cannot be offered on port ${port}: ${why}. Choose another one in "pinwatch.metrics.port".`,
      );
    }
  }
}
