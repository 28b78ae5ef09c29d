export interface Variant {
  readonly name: string;
  /** One sample, in milliseconds. */
  measure(): Promise<number>;
}

/** Takes turns (A B C A B C …) in shuffled order, so that whatever else the machine does falls on all alike. */
export async function interleave(
  variants: readonly Variant[],
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
): Promise<ReadonlyMap<string, readonly number[]>> {
  const samples = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const variant of shuffled(variants)) {
      const sample = await variant.measure();
      if (round >= 0) {
        samples.get(variant.name)?.push(sample);
      }
    }
  }
  return samples;
}

function shuffled<T>(values: readonly T[]): readonly T[] {
  return values
    .map((value) => ({ value, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}
