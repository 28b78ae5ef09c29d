/** What the user wants of fixes. */
export interface FixPolicy {
  /** `undefined`: each front does what is usual there. */
  readonly allowMajor: boolean | undefined;
  /** Younger releases are proposed only where nothing else is safe; 0 for any age. */
  readonly minimumReleaseAgeDays: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

export const usualPolicy: FixPolicy = { allowMajor: undefined, minimumReleaseAgeDays: 0, nowMs: 0 };
