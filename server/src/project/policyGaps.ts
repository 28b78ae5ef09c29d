import type { PolicyKnowledge } from '../core/rules/projectPolicy.ts';
import { counted } from '../core/text/counted.ts';

/** What the rules could not be checked for, since no index has answered: said once for all, not at every line. */
export class PolicyGaps {
  readonly #licences = new Map<string, Set<string>>();
  readonly #projects = new Map<string, Set<string>>();

  /** The same knowledge, in which what failed is not known yet. */
  collecting(known: PolicyKnowledge, late: string): PolicyKnowledge {
    const note = (gaps: Map<string, Set<string>>, why: string, subject: string): { readonly kind: 'pending' } => {
      gaps.set(why, (gaps.get(why) ?? new Set()).add(subject));
      return { kind: 'pending' };
    };
    return {
      nowMs: known.nowMs,
      licenceOf: (pin) => {
        const state = known.licenceOf(pin);
        const isMissing = state.kind === 'pending' || (state.kind === 'unknown' && state.failed);
        return isMissing
          ? note(this.#licences, state.kind === 'unknown' ? state.why : late, `${pin.name} ${pin.version}`)
          : state;
      },
      projectOf: (name) => {
        const state = known.projectOf(name);
        const isMissing = state.kind === 'pending' || (state.kind === 'unknown' && state.failed);
        return isMissing ? note(this.#projects, state.kind === 'unknown' ? state.why : late, name) : state;
      },
    };
  }

  get texts(): readonly string[] {
    const text = (what: string, gaps: Map<string, Set<string>>): readonly string[] =>
      [...gaps].map(([why, subjects]) => `The rules could not be checked for ${counted(subjects.size, what)}: ${why}.`);
    return [...text('licence', this.#licences), ...text('package', this.#projects)];
  }
}
