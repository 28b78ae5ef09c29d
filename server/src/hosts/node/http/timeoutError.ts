/**
 * A deadline of ours has passed. `connect`: nobody took the connection. `idle`: nothing came for so long. `slow`: too little
 * came for so long. `whole`: all tries together.
 */
export class TimeoutError extends Error {
  readonly kind: 'connect' | 'idle' | 'slow' | 'whole';
  readonly afterMs: number;

  constructor(kind: TimeoutError['kind'], afterMs: number, options?: ErrorOptions) {
    super(`no ${kind === 'connect' ? 'connection' : 'answer'} within ${afterMs} ms`, options);
    this.name = 'TimeoutError';
    this.kind = kind;
    this.afterMs = afterMs;
  }
}
