import { assessRange } from '../assessment/assessRange.ts';
import { rangeFix } from '../assessment/advice/rangeFix.ts';
import type { RangeChange } from '../manifests/rewrite.ts';
import type { VersionSpecifier } from '../versions/specifier.ts';
import { type Target, type TargetQuestion, targetsFor } from './targets.ts';

/** As the range is judged, but for what cannot be installed. */
export function rangeChange(
  question: TargetQuestion,
  specifier: VersionSpecifier,
): { readonly change: RangeChange; readonly fit: readonly Target[] } {
  const { facts, advice } = question;
  if (facts === undefined) {
    const { fit } = targetsFor(question);
    return { change: advice.change ?? { kind: 'none' }, fit };
  }
  const { admitted, vulnerable, prereleases } = assessRange(specifier, facts.advisories);
  const { fit } = targetsFor({ ...question, prereleases });
  const keys = new Set(fit.map(({ version }) => version.key));
  const { change } = rangeFix(admitted, vulnerable, facts.advisories, {
    prereleases,
    releases: facts.releases,
    isFit: (version) => keys.has(version.key),
  });
  const nearest = change.kind === 'floor' ? fit.filter(({ version }) => version.normal === change.version) : fit;
  return { change, fit: nearest };
}
