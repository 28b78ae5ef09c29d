/** The median; NaN where there are no samples. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

export interface Ratio {
  readonly value: number;
  /** 95 % bootstrap interval of the ratio of medians. */
  readonly low: number;
  readonly high: number;
}

/** How many times the floor's median the subject's median is. */
export function ratio(subject: readonly number[], floor: readonly number[]): Ratio {
  const draws = Array.from({ length: 1000 }, () => median(resample(subject)) / median(resample(floor))).sort(
    (a, b) => a - b,
  );
  return { value: median(subject) / median(floor), low: draws[25] ?? NaN, high: draws[974] ?? NaN };
}

function resample(samples: readonly number[]): readonly number[] {
  return samples.map(() => samples[Math.floor(Math.random() * samples.length)] ?? NaN);
}
