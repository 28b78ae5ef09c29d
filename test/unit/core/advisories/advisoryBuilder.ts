import type { Advisory } from '../../../../server/src/core/advisories/advisory.ts';

/** An advisory that says nothing but what the test gives it. */
export function advisory(parts: Partial<Advisory> & Pick<Advisory, 'id'>): Advisory {
  return {
    aliases: [],
    modified: '2026-01-01T00:00:00Z',
    summary: '',
    severities: [],
    affected: [],
    references: [],
    ...parts,
  };
}
