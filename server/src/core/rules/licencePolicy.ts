import { starPattern, wildcardMatcher } from '../text/patterns/wildcard.ts';
import { plainText } from '../text/plainText.ts';
import type { Licence } from '../packages/licence.ts';
import { isCommonLicence, licencesOfClassifier } from '../packages/licenceClassifiers.ts';
import { parseSpdxExpression, type SpdxExpression, spdxId } from '../packages/spdxExpression.ts';

/** Which licences a package may have; SPDX ids, `*` for any run of characters. */
export interface LicenceRules {
  /** Where given, everything else is not allowed. */
  readonly allow?: readonly string[];
  /** Not allowed, whatever `allow` says. */
  readonly deny?: readonly string[];
}

export type LicenceVerdict =
  | { readonly kind: 'allowed' }
  /** Plain text: what the release says. */
  | { readonly kind: 'denied'; readonly licence: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** Judges releases by the rules, which are read once. What could be read in two ways is decided only where both agree. */
export function licencePolicy({ allow, deny = [] }: LicenceRules): (licence: Licence) => LicenceVerdict {
  const allowed = allow === undefined ? undefined : patternsOf(allow);
  const denied = patternsOf(deny);
  const rules: Rules = {
    allows: (id, exception) => !denied.match(id, exception) && (allowed === undefined || allowed.match(id, exception)),
    names: (id) => [...(allow ?? []), ...deny].some((one) => spdxId(one).toLowerCase() === id.toLowerCase()),
  };
  return (licence) => judge(licence, rules);
}

interface Rules {
  readonly allows: (id: string, exception: string | undefined) => boolean;
  /** Whether the user wrote this very id. */
  readonly names: (id: string) => boolean;
}

function judge({ expression, text = '', classifiers }: Licence, rules: Rules): LicenceVerdict {
  if (expression !== undefined) {
    const parsed = parseSpdxExpression(expression);
    return parsed === undefined
      ? unknown(`its licence expression cannot be read: ${plainText(expression, 100)}`)
      : verdictOf(isAllowed(parsed, rules), expression);
  }
  const byText = textDecision(text, rules);
  const byClassifiers = classifiersDecision(classifiers, rules);
  const shown = [...classifiers.map((one) => one.replace(/^OSI Approved :: /u, '')), ...(text === '' ? [] : [text])];
  const said = shown.join('; ');
  if (byText !== undefined && byClassifiers !== undefined && byText !== byClassifiers) {
    return unknown(`what it says of its licence can be read in two ways: ${plainText(said, 150)}`);
  }
  const decision = byText ?? byClassifiers;
  if (decision !== undefined) {
    return verdictOf(decision, said);
  }
  return unknown(
    said === '' ? 'its metadata name no licence' : `its exact licence is unclear: ${plainText(said, 150)}`,
  );
}

/** An author's own words count only where they are an expression of ids that are known here. */
function textDecision(text: string, rules: Rules): boolean | undefined {
  const parsed = parseSpdxExpression(text);
  return parsed !== undefined && idsOf(parsed).every((id) => rules.names(id) || isCommonLicence(id))
    ? isAllowed(parsed, rules)
    : undefined;
}

/** Nobody says whether several of them are alternatives: they decide only where each of them says the same. */
function classifiersDecision(classifiers: readonly string[], rules: Rules): boolean | undefined {
  const telling = classifiers.filter((one) => one !== 'OSI Approved');
  const ids = telling.map(licencesOfClassifier);
  if (ids.length === 0 || ids.includes(undefined)) {
    return undefined;
  }
  const answers = new Set(ids.flatMap((some) => (some ?? []).map((id) => rules.allows(id, undefined))));
  const [only] = answers;
  return answers.size === 1 ? only : undefined;
}

function isAllowed(expression: SpdxExpression, rules: Rules): boolean {
  switch (expression.kind) {
    case 'licence':
      return rules.allows(expression.id, expression.exception);
    case 'and':
      return expression.parts.every((part) => isAllowed(part, rules));
    case 'or':
      return expression.parts.some((part) => isAllowed(part, rules));
  }
}

function idsOf(expression: SpdxExpression): readonly string[] {
  return expression.kind === 'licence' ? [expression.id] : expression.parts.flatMap(idsOf);
}

function verdictOf(allowed: boolean, licence: string): LicenceVerdict {
  return allowed ? { kind: 'allowed' } : { kind: 'denied', licence: plainText(licence, 150) };
}

function unknown(why: string): LicenceVerdict {
  return { kind: 'unknown', why };
}

interface Patterns {
  readonly match: (id: string, exception: string | undefined) => boolean;
}

/** Ids have no case (SPDX annex D.2). A pattern without an exception is about the licence with any exception too. */
function patternsOf(patterns: readonly string[]): Patterns {
  const expressions = patterns.map((pattern) => {
    const [id = '', exception] = pattern.trim().split(/\s+with\s+/iu);
    return { id: matcherOf(spdxId(id)), exception: exception === undefined ? undefined : matcherOf(exception) };
  });
  return {
    match: (id, exception) =>
      expressions.some(
        (one) => one.id(id) && (one.exception === undefined || (exception !== undefined && one.exception(exception))),
      ),
  };
}

/** Ids have no case. */
function matcherOf(pattern: string): (id: string) => boolean {
  const matches = wildcardMatcher(starPattern(pattern.toLowerCase()));
  return (id) => matches(id.toLowerCase());
}
