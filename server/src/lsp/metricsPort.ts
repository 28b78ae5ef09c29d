import type { Log, MonitoringPages, ServedPages } from '../engine/ports.ts';
import type { Environment } from './environment.ts';

/**
 * Offers the server's figures on the port of the settings; 0 is none. Where another window has that port, this one takes one
 * of its own; the log says which.
 */
export class MetricsPort {
  readonly #serve: Environment['serveMetrics'];
  readonly #pages: MonitoringPages;
  readonly #log: Log;
  #wanted = 0;
  #served: ServedPages | undefined;
  /** One change after the other: a port must be free before it is taken again. */
  #changes: Promise<void> = Promise.resolve();

  constructor(serve: Environment['serveMetrics'], pages: MonitoringPages, log: Log) {
    this.#serve = serve;
    this.#pages = pages;
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
      this.#served = await this.#serve(port, this.#pages);
      this.#log.info(`Metrics are at http://127.0.0.1:${port}/metrics, health at /health.`);
    } catch (error) {
      await this.#useAnother(port, error instanceof Error ? error.message : String(error));
    }
  }

  async #useAnother(port: number, why: string): Promise<void> {
    try {
      this.#served = await this.#serve(0, this.#pages);
      const { port: own } = this.#served;
      this.#log.warn(
        `Port ${port} of "pinwatch.metrics.port" cannot be used: ${why}. Metrics of this window are at http://127.0.0.1:${own}/metrics.`,
      );
    } catch {
      this.#log.warn(
        `Metrics cannot be offered on port ${port}: ${why}. Choose another one in "pinwatch.metrics.port".`,
      );
    }
  }
}
