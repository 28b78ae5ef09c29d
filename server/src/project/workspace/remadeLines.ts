import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { LineState } from './lineState.ts';

/** Lines made of other lines, each once; of one that has only moved, what was made of it before moves along. */
export class RemadeLines {
  readonly #remade = new WeakMap<LineState['state'], { readonly line: LineState; readonly remade: LineState }>();

  /** `make` gives the line itself, or one with the same requirement and another state. */
  of(line: LineState, make: (line: LineState) => LineState): LineState {
    const known = this.#remade.get(line.state);
    if (known?.line === line) return known.remade;
    const remade =
      known !== undefined && saysTheSame(known.line.requirement, line.requirement)
        ? moved(known.remade, known.line, line)
        : make(line);
    this.#remade.set(line.state, { line, remade });
    return remade;
  }
}

function moved(remade: LineState, before: LineState, line: LineState): LineState {
  return remade === before ? line : { requirement: line.requirement, state: remade.state };
}

/** All but the places. */
function saysTheSame(a: PlacedRequirement, b: PlacedRequirement): boolean {
  return (
    a.subject === b.subject &&
    a.name === b.name &&
    a.version === b.version &&
    a.specifier === b.specifier &&
    a.within === b.within &&
    a.decidedBy === b.decidedBy &&
    a.limit === b.limit &&
    a.outOfDate === b.outOfDate &&
    a.oneOf === b.oneOf &&
    a.extras === b.extras &&
    a.scope === b.scope &&
    a.requiredBy === b.requiredBy
  );
}
