import type { Diagnostic } from 'vscode-languageserver-protocol';
import type { Shown } from './modelClient.ts';

/** What one client shows that another does not, in words; empty where they show the same. */
export function differences(live: Shown, fresh: Shown): readonly string[] {
  return [
    ...mapDifferences('the hover of', live.hovers, fresh.hovers),
    ...mapDifferences('the diagnostics of', live.diagnostics, fresh.diagnostics),
    ...mapDifferences('the lens of', live.lenses, fresh.lenses),
    ...difference('the status', live.status, fresh.status),
    ...difference('the findings', sorted(live.findings), sorted(fresh.findings)),
  ];
}

/** A list says nothing by its order of files, which is that in which they were found. */
function sorted(findings: Shown['findings']): unknown {
  const texts = (all: readonly unknown[] = []): readonly string[] => all.map((one) => JSON.stringify(one)).sort();
  if (findings === undefined) {
    return undefined;
  }
  const { vulnerable, failed, ignoredAt } = findings;
  return { ...findings, vulnerable: texts(vulnerable), failed: texts(failed), ignoredAt: texts(ignoredAt) };
}

/** What one client's own parts say against each other, while answers are still to come. */
export function contradictions(
  { hovers, status, findings, lenses }: Shown,
  lensesNow: ReadonlyMap<string, string>,
): readonly string[] {
  const count = (text: string): number => [...hovers.values()].filter((hover) => hover.includes(text)).length;
  const pending = count('Being checked');
  return [
    ...difference('the status counts as being checked', status?.checking ?? 0, pending),
    ...difference('the list counts as being checked', findings?.pending ?? 0, pending),
    ...(pending > 0 ? difference('the state', status?.state, 'scanning') : []),
    ...mapDifferences('the drawn lens of', lenses, lensesNow),
  ];
}

/** What a live client says that a fresh one cannot know better: what failed before, and what was known of another version. */
export function unlikeBeforeAnswers(live: Shown, fresh: Shown, hasFailed: boolean): readonly string[] {
  const faults: string[] = [];
  const same = new Set<string>();
  for (const place of new Set([...live.hovers.keys(), ...fresh.hovers.keys()])) {
    const [one, other] = [live.hovers.get(place) ?? nothing, fresh.hovers.get(place) ?? nothing];
    const isFailed = one.includes('Could not be checked') && hasFailed;
    const areBothPending = one.includes('Being checked') && other.includes('Being checked');
    // What a search has found is shown once something is known of it, or when all is shown again.
    const isFound =
      fresh.status?.state === 'scanning' && (other === nothing || (one === nothing && other.includes('Being checked')));
    if (one === other) {
      same.add(place);
    } else if (!isFailed && !areBothPending && !isFound && !(hasFailed && other.includes('Could not be checked'))) {
      faults.push(`the hover of ${place} is ${one}, and that of a fresh server ${other}`);
    }
  }
  const onSame = (all: Shown['diagnostics']): ReadonlyMap<string, readonly Diagnostic[]> =>
    new Map(
      [...all].map(([uri, diagnostics]) => [
        uri,
        diagnostics.filter(({ range }) => same.has(`${uri} ${range.start.line}`)),
      ]),
    );
  const [one, other] = [onSame(live.diagnostics), onSame(fresh.diagnostics)];
  for (const uri of new Set([...one.keys(), ...other.keys()])) {
    faults.push(...difference(`the diagnostics of ${uri}`, one.get(uri) ?? [], other.get(uri) ?? []));
  }
  // While a search goes on, a fresh server has not shown all that it found.
  if (same.size === live.hovers.size && same.size === fresh.hovers.size && fresh.status?.state !== 'scanning') {
    // What is known may be asked again, and is shown meanwhile.
    const state = live.status?.state === 'scanning' ? { state: live.status.state } : {};
    faults.push(...difference('the status', live.status, fresh.status && { ...fresh.status, ...state }));
  }
  return faults;
}

const nothing = 'nothing';

function mapDifferences(
  what: string,
  one: ReadonlyMap<string, unknown>,
  other: ReadonlyMap<string, unknown>,
): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((key) =>
    difference(`${what} ${key}`, one.get(key), other.get(key)),
  );
}

function difference(what: string, one: unknown, other: unknown): readonly string[] {
  const [text, otherText] = [JSON.stringify(one), JSON.stringify(other)];
  return text === otherText ? [] : [`${what} is ${text ?? 'absent'}, and should be ${otherText ?? 'absent'}`];
}
