import german from '../../../l10n/server.de.json' with { type: 'json' };
import type { Bundle } from '../core/words/translatedWords.ts';

/** The languages beside English that the server speaks, by their tags. */
export const languages: ReadonlyMap<string, Bundle> = new Map([['de', german]]);
