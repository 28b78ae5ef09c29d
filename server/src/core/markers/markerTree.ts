export type MarkerValue =
  { readonly kind: 'variable'; readonly name: string } | { readonly kind: 'literal'; readonly value: string };

/** An environment marker (PEP 508), as data. */
export type MarkerTree = { readonly kind: 'and' | 'or'; readonly operands: readonly MarkerTree[] } | MarkerComparison;

export interface MarkerComparison {
  readonly kind: 'compare';
  readonly left: MarkerValue;
  readonly operator: string;
  readonly right: MarkerValue;
}
