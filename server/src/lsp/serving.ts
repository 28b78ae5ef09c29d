import type { ClientAbilities } from './capabilities.ts';
import type { Timers } from './environment.ts';
import type { Guard } from './guard.ts';
import type { Session } from './session.ts';

/** What those who answer requests need of the server, which has a session only once it is initialized. */
export interface Serving {
  readonly session: () => Session | undefined;
  readonly abilities: () => ClientAbilities;
  /** Every handler runs in it. */
  readonly guard: Guard;
  readonly timers: Timers;
}
