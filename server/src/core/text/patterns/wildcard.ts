/** One step of a pattern. */
export type WildcardStep =
  /** One character. */
  | { readonly kind: 'one'; readonly fits: (character: string) => boolean }
  /** Any run of such characters, the empty one too. */
  | { readonly kind: 'run'; readonly fits: (character: string) => boolean }
  /** Nothing, or anything that ends in a slash. */
  | { readonly kind: 'folders' };

/** Whether a whole text fits a pattern. Takes as long as text and pattern together are long, whatever they are: both may be a stranger's. */
export function wildcardMatcher(pattern: readonly WildcardStep[]): (text: string) => boolean {
  // Folders take two places: where they begin, and where they have begun.
  const steps = pattern.flatMap((step): readonly Place[] => (step.kind === 'folders' ? [step, begun] : [step]));
  const enter = (at: number, open: Set<number>): void => {
    if (open.has(at)) {
      return;
    }
    open.add(at);
    const step = steps[at];
    if (step?.kind === 'run') {
      enter(at + 1, open);
    } else if (step?.kind === 'folders') {
      enter(at + 2, open);
    }
  };
  return (text) => {
    let open = new Set<number>();
    enter(0, open);
    for (const character of text) {
      const next = new Set<number>();
      for (const at of open) {
        const step = steps[at];
        if (step === undefined) {
          continue;
        }
        if (step.kind === 'folders' || step.kind === 'begun') {
          const rest = step.kind === 'folders' ? at + 1 : at;
          next.add(rest);
          if (character === '/') enter(rest + 1, next);
        } else if (step.fits(character)) {
          enter(step.kind === 'run' ? at : at + 1, next);
        }
      }
      if (next.size === 0) {
        return false;
      }
      open = next;
    }
    return open.has(steps.length);
  };
}

type Place = WildcardStep | typeof begun;

const begun = { kind: 'begun' } as const;

/** The very character. */
export function exactly(character: string): WildcardStep {
  return { kind: 'one', fits: (one) => one === character };
}

export const anyRun: WildcardStep = { kind: 'run', fits: () => true };

/** `*` stands for any run of characters, and nothing else for anything but itself. */
export function starPattern(text: string): readonly WildcardStep[] {
  return [...text.replace(/\*+/gu, '*')].map((character) => (character === '*' ? anyRun : exactly(character)));
}
