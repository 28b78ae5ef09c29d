import { median, ratio } from './ratio.ts';

/** One line: the ratio with its interval, and the medians it comes from. */
export function printRatio(
  what: string,
  samples: ReadonlyMap<string, readonly number[]>,
  subject: string,
  floor: { readonly name: string; readonly title: string },
): void {
  const ours = samples.get(subject) ?? [];
  const floors = samples.get(floor.name) ?? [];
  const { value, low, high } = ratio(ours, floors);
  console.log(
    `${what}: ${value.toFixed(2)} × ${floor.title} (95 %: ${low.toFixed(2)} to ${high.toFixed(2)}; ` +
      `medians ${median(ours).toFixed(2)} ms and ${median(floors).toFixed(2)} ms, ${ours.length} samples each)`,
  );
}
