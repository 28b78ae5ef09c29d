import type { AssessedRequirement } from '../../../assessment/requirement.ts';
import { pypiPurl } from '../../../packages/purl.ts';
import { plainText } from '../../../text/plainText.ts';
import { outcomeReason } from '../../words/outcomeReason.ts';
import type { ScanReport } from '../../scanReport.ts';
import { licencesJson } from './licences.ts';
import { property } from './property.ts';

interface PlacedAt {
  readonly path: string;
  readonly requirement: AssessedRequirement;
}

/** One release, however many lines ask for it. */
export interface Component {
  readonly ref: string;
  readonly requirements: readonly PlacedAt[];
}

/** In the order of the files. */
export function componentsOf({ files }: ScanReport): readonly Component[] {
  const byRef = new Map<string, PlacedAt[]>();
  for (const { path, requirements } of files) {
    for (const requirement of requirements) {
      const ref = refOf({ path, requirement });
      const placed = byRef.get(ref) ?? [];
      placed.push({ path, requirement });
      byRef.set(ref, placed);
    }
  }
  return [...byRef].map(([ref, requirements]) => ({ ref, requirements }));
}

/** The package URL; a line without a name is known by its place. */
export function refOf({ path, requirement }: PlacedAt): string {
  const { normalizedName, version, range } = requirement;
  return normalizedName === '' ? `${plainText(path, 500)}#${range.start.line + 1}` : pypiPurl(normalizedName, version);
}

/** What is listed of a component. */
export function componentJson({ ref, requirements }: Component): object {
  const [first] = requirements;
  const { name = '', normalizedName = '', version = null } = first?.requirement ?? {};
  const states = new Map(
    requirements.map(({ requirement: { outcome } }) => [
      `${outcome.kind}${outcomeReason(outcome) ?? outcome.kind}`,
      [
        property('outcome', outcome.kind),
        ...(outcome.kind === 'assessed'
          ? [property('verdict', outcome.verdict)]
          : [property('reason', plainText(outcomeReason(outcome) ?? ''))]),
      ],
    ]),
  );
  return {
    type: 'library',
    'bom-ref': ref,
    name: normalizedName === '' ? plainText(name, 200) || '(not readable)' : normalizedName,
    ...(version === null ? {} : { version }),
    ...licencesJson(requirements.flatMap(({ requirement: { licence } }) => licence ?? [])),
    ...(normalizedName === '' ? {} : { purl: pypiPurl(normalizedName, version) }),
    evidence: {
      occurrences: requirements.map(({ path, requirement }) => ({
        location: plainText(path, 1000),
        line: requirement.range.start.line + 1,
      })),
    },
    properties: [...states.values(), ...policiesOf(requirements), adviceOn(requirements)].flat(),
  };
}

/** What to raise for it, each once. */
function adviceOn(requirements: readonly PlacedAt[]): readonly object[] {
  const texts = new Set(requirements.flatMap(({ requirement: { raise } }) => raise?.text ?? []));
  return [...texts].map((text) => property('advice', plainText(text, 1000)));
}

/** What the user's rules say of it, each once. */
function policiesOf(requirements: readonly PlacedAt[]): readonly (readonly object[])[] {
  const all = requirements.flatMap(({ requirement: { policy = [] } }) => policy);
  const texts = new Set(all.map(({ code, level, message }) => plainText(`${level} ${code}: ${message}`, 500)));
  return [[...texts].map((text) => property('policy', text))];
}
