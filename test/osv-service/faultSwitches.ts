import type { Route } from './route.ts';
import type { Fault, FaultLimits } from './fault.ts';
import { seededRandom } from './seededRandom.ts';
import type { ReceivedRequest } from './traffic.ts';

/** The faults that are switched on, and the choice of those that apply to a request. */
export class FaultSwitches {
  private readonly seed: number;
  private random: () => number;
  private switches: Switch[] = [];

  constructor(seed: number) {
    this.seed = seed;
    this.random = seededRandom(seed);
  }

  /** Adds a fault to those already set. The function returned takes it away again. */
  set(route: Route | 'all', fault: Fault, limits: FaultLimits = {}): () => void {
    const added: Switch = { route, fault, limits, skipLeft: limits.skip ?? 0, timesLeft: limits.times ?? Infinity };
    this.switches.push(added);
    return () => {
      this.switches = this.switches.filter((other) => other !== added);
    };
  }

  clear(route?: Route | 'all'): void {
    this.switches = route === undefined ? [] : this.switches.filter((other) => other.route !== route);
  }

  /** No faults, and the random numbers from their start. */
  reset(): void {
    this.clear();
    this.random = seededRandom(this.seed);
  }

  /** Between 0 and `maximum`, from the seeded numbers. */
  randomUpTo(maximum: number): number {
    return this.random() * maximum;
  }

  /** The faults for this request, in the order they were set; each one's limits are counted down. */
  take(request: ReceivedRequest): readonly Fault[] {
    const taken: Fault[] = [];
    for (const candidate of this.switches) {
      if (candidate.timesLeft <= 0 || !isFor(candidate, request)) continue;
      // Of the faults that stand in for the answer one is enough; the others wait for the next request.
      if (replacesAnswer(candidate.fault) && taken.some(replacesAnswer)) continue;
      if (candidate.skipLeft > 0) {
        candidate.skipLeft--;
        continue;
      }
      if (candidate.limits.probability !== undefined && this.random() >= candidate.limits.probability) continue;
      candidate.timesLeft--;
      taken.push(candidate.fault);
    }
    return taken;
  }
}

interface Switch {
  readonly route: Route | 'all';
  readonly fault: Fault;
  readonly limits: FaultLimits;
  skipLeft: number;
  timesLeft: number;
}

function isFor({ route, limits }: Switch, request: ReceivedRequest): boolean {
  return (route === 'all' || route === request.route) && (limits.only?.(request) ?? true);
}

function replacesAnswer({ kind }: Fault): boolean {
  return replacements.has(kind);
}

const replacements: ReadonlySet<Fault['kind']> = new Set(['status', 'html', 'reset', 'stall', 'hugeBody', 'gzipBomb']);
