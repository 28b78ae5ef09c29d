/** Numbers from 0 (included) to 1 (not included), the same ones for the same seed: a Lehmer generator. */
export function seededRandom(seed: number): () => number {
  const modulus = 2 ** 31 - 1;
  let state = (Math.abs(Math.trunc(seed)) % (modulus - 1)) + 1;
  const next = (): number => {
    // Below 2 ** 53, so nothing is lost.
    state = (state * 48271) % modulus;
    return (state - 1) / (modulus - 1);
  };
  // Seeds that lie close together start close together.
  next();
  next();
  return next;
}
