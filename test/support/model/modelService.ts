import { type Lookup, lookupKey } from '../../../server/src/core/assessment/lookup.ts';
import type { Assessed, Failed } from '../../../server/src/core/assessment/outcome.ts';
import { assessed, failed, finding } from '../builders.ts';

/** `held`: whoever asks waits. `flaky`: the service fails for one package alone. */
export type ServiceState = 'up' | 'held' | 'down' | 'flaky';

/** What advisory services say in a model: a fixed truth, which may have to be waited for, or may not be had. */
export class ModelService {
  readonly #now: () => number;
  readonly #waiting: { readonly lookup: Lookup; readonly answer: (outcome: Assessed | Failed) => void }[] = [];
  #state: ServiceState = 'up';
  /** Raised with every question and answer. */
  activity = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get state(): ServiceState {
    return this.#state;
  }

  set state(state: ServiceState) {
    this.#state = state;
    if (state !== 'held') {
      this.#waiting.splice(0).forEach(({ lookup, answer }) => answer(this.#answerNow(lookup)));
    }
  }

  /** Answers the question that has waited longest. */
  answerOne(): void {
    const first = this.#waiting.shift();
    first?.answer(this.#truthOf(first.lookup));
  }

  ask(lookup: Lookup): Promise<Assessed | Failed> {
    this.activity++;
    return new Promise((resolve) => {
      const answer = (outcome: Assessed | Failed): void => {
        this.activity++;
        resolve(outcome);
      };
      if (this.#state === 'held') {
        this.#waiting.push({ lookup, answer });
      } else {
        answer(this.#answerNow(lookup));
      }
    });
  }

  #answerNow(lookup: Lookup): Assessed | Failed {
    const fails = this.#state === 'down' || (this.#state === 'flaky' && lookup.name === 'six');
    return fails ? failed({ reason: 'offline', message: 'Nobody answered.' }) : this.#truthOf(lookup);
  }

  #truthOf(lookup: Lookup): Assessed {
    switch (lookupKey(lookup)) {
      case 'django==3.2.0':
        return assessed([finding()], this.#now());
      case 'django >=3':
        return { ...assessed([finding({ admitted: '3.2.0' })], this.#now()), verdict: 'possiblyVulnerable' };
      case 'jinja2==2.0':
        return assessed([finding({ id: 'CVE-2019-8341', aliases: [], severity: 'low' })], this.#now());
      default:
        return assessed([], this.#now());
    }
  }
}
