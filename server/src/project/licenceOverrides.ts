import type { IgnoreList } from '../core/ignores/ignore.ts';
import { fileGroup } from '../core/ignores/ignoreHold.ts';
import type { PolicyKnowledge } from '../core/rules/projectPolicy.ts';

/** What people say of licences, for the file at `path`, goes before what the index says. */
export function withLicenceOverrides(
  knowledge: PolicyKnowledge,
  lists: readonly IgnoreList[],
  path: string,
): PolicyKnowledge {
  const own = fileGroup(path);
  const overrides = lists
    .flatMap(({ licences = [] }) => licences)
    .filter(({ group }) => group === undefined || group === own);
  return overrides.length === 0
    ? knowledge
    : {
        ...knowledge,
        licenceOf: (pin) => {
          const found = overrides.find(
            ({ fits, until }) =>
              (until === undefined || until.endsAtMs > knowledge.nowMs) && fits(pin.name, pin.version),
          );
          if (found === undefined) {
            return knowledge.licenceOf(pin);
          }
          const { expression } = found;
          return expression === undefined
            ? { kind: 'pending' }
            : { kind: 'known', licence: { expression, classifiers: [] } };
        },
      };
}
