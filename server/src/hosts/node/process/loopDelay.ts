import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 20;

/** How late the event loop is, while somebody wants to know: measuring wakes the process fifty times a second. */
export class LoopDelay {
  #histogram: IntervalHistogram | undefined;

  /** Measures until the returned function is called. */
  measure(): () => void {
    const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
    histogram.enable();
    this.#histogram = histogram;
    return () => {
      histogram.disable();
      if (this.#histogram === histogram) {
        this.#histogram = undefined;
      }
    };
  }

  /** Since the measuring began; `undefined` where nobody measures, or nothing was measured yet. */
  get figures(): { readonly p50Seconds: number; readonly p99Seconds: number; readonly maxSeconds: number } | undefined {
    const histogram = this.#histogram;
    if (histogram === undefined || histogram.count === 0) {
      return undefined;
    }
    // The timer's own interval is part of what is measured.
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - resolutionMs / 1000);
    return {
      p50Seconds: late(histogram.percentile(50)),
      p99Seconds: late(histogram.percentile(99)),
      maxSeconds: late(histogram.max),
    };
  }
}
