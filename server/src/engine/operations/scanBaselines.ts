/** One finished scan. */
export interface MeasuredScan {
  /** Only scans of the same kind are compared. */
  readonly kind: string;
  /** How many look-ups it was for. */
  readonly size: number;
  readonly durationMs: number;
  /** Of which at least one request was in progress. */
  readonly requestMs: number;
}

/** A scan that took longer than those of its kind and size usually do. Milliseconds. */
export interface SlowScan {
  readonly durationMs: number;
  /** The median of those before it. */
  readonly usualMs: number;
  /** What grew most: waiting for answers, or Pinwatch's own work. */
  readonly part: 'requests' | 'own';
}

/** What scans of each kind and size usually take. */
export class ScanBaselines {
  readonly #recent = new Map<string, readonly MeasuredScan[]>();

  /** Compares a scan with those before it, and remembers it. */
  judge(scan: MeasuredScan): SlowScan | undefined {
    const key = `${scan.kind} ${sizeClass(scan.size)}`;
    const before = this.#recent.get(key) ?? [];
    if (before.length > 0 || this.#recent.size < mostClasses) {
      this.#recent.set(key, [...before, scan].slice(-mostRecent));
    }
    return before.length < fewest ? undefined : slowScan(scan, before);
  }

  encode(): unknown {
    return Object.fromEntries(
      [...this.#recent].map(([key, scans]) => [key, scans.map(({ durationMs, requestMs }) => [durationMs, requestMs])]),
    );
  }

  /** Takes what former sessions kept. What cannot be read counts as nothing. */
  restore(kept: unknown): void {
    if (typeof kept !== 'object' || kept === null) {
      return;
    }
    for (const [key, scans] of Object.entries(kept).slice(0, mostClasses)) {
      if (Array.isArray(scans)) {
        this.#recent.set(key, scans.flatMap(decodeScan).slice(-mostRecent));
      }
    }
  }
}

const fewest = 10;
const mostRecent = 100;
const mostClasses = 50;
const slowFactor = 1.2;
// Nobody notices less; a scan of 3 ms is no trouble for one that usually takes 2.
const leastMoreMs = 20;

function slowScan(scan: MeasuredScan, before: readonly MeasuredScan[]): SlowScan | undefined {
  const { durationMs, requestMs } = scan;
  const usualMs = median(before.map((one) => one.durationMs));
  if (durationMs <= usualMs * slowFactor || durationMs - usualMs < leastMoreMs) {
    return undefined;
  }
  const moreRequestMs = requestMs - median(before.map((one) => one.requestMs));
  return { durationMs, usualMs, part: moreRequestMs * 2 >= durationMs - usualMs ? 'requests' : 'own' };
}

/** Powers of ten: 1 to 10 look-ups, 11 to 100, and so on. */
function sizeClass(size: number): number {
  return Math.ceil(Math.log10(Math.max(1, size)));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

function decodeScan(kept: unknown): readonly MeasuredScan[] {
  const [durationMs, requestMs] = Array.isArray(kept) ? (kept as readonly unknown[]) : [];
  return isAmount(durationMs) && isAmount(requestMs) ? [{ kind: '', size: 0, durationMs, requestMs }] : [];
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
