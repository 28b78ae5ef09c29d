import { parseVersion } from './version.ts';

export type StepSize = 'major' | 'minor' | 'patch';

/**
 * How far it is from one version to another, by the first release number in which they differ (an epoch counts as the first);
 * `undefined` where one of them is no version of PEP 440. Python has no rule for what a number promises, 0.x included.
 */
export function stepSize(from: string, to: string): StepSize | undefined {
  const [a, b] = [parseVersion(from), parseVersion(to)];
  if (a === undefined || b === undefined) {
    return undefined;
  }
  const numberOf = ({ release }: typeof a, index: number): string => release[index] ?? '0';
  if (a.epoch !== b.epoch || numberOf(a, 0) !== numberOf(b, 0)) {
    return 'major';
  }
  return numberOf(a, 1) === numberOf(b, 1) ? 'patch' : 'minor';
}
