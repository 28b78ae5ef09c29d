import { Histogram } from './histogram.ts';

/** Who was asked: the advisory service, the package index, OSV's bucket of exports. */
export type AskedService = 'osv' | 'index' | 'bucket';

/** How one attempt at a request ended; `held`: the circuit breaker did not let it go. */
export type RequestResult =
  'ok' | 'rateLimited' | 'serverError' | 'refused' | 'badResponse' | 'timeout' | 'network' | 'cancelled' | 'held';

export interface SeenRequest {
  readonly service: AskedService;
  /** What was asked for, in a word that stays the same: `querybatch`, `page`. */
  readonly endpoint: string;
  readonly result: RequestResult;
  readonly durationMs: number;
  /** When it ended, milliseconds since the epoch. */
  readonly at: number;
}

export interface RequestFamily {
  readonly service: AskedService;
  readonly endpoint: string;
  readonly durations: Histogram;
  readonly results: ReadonlyMap<RequestResult, number>;
}

/** Every attempt at a request of this process, by service and endpoint: rate, errors, durations. */
export class RequestRecord {
  readonly #families = new Map<string, Family>();
  #busyMs = 0;
  #busyUntil = 0;

  /** How long at least one request was in progress, counted when it ends. */
  get busyMs(): number {
    return this.#busyMs;
  }

  record({ service, endpoint, result, durationMs, at }: SeenRequest): void {
    const key = `${service} ${endpoint}`;
    const family = this.#families.get(key) ?? familyOf(service, endpoint);
    this.#families.set(key, family);
    family.results.set(result, (family.results.get(result) ?? 0) + 1);
    if (result !== 'held') {
      family.durations.add(durationMs);
      this.#busyMs += Math.max(0, at - Math.max(this.#busyUntil, at - durationMs));
      this.#busyUntil = Math.max(this.#busyUntil, at);
    }
  }

  get families(): readonly RequestFamily[] {
    return [...this.#families.values()];
  }
}

interface Family extends RequestFamily {
  readonly results: Map<RequestResult, number>;
}

// From an answer on loopback to the longest deadline.
const boundsMs: readonly number[] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000];

function familyOf(service: AskedService, endpoint: string): Family {
  return { service, endpoint, durations: new Histogram(boundsMs), results: new Map() };
}
