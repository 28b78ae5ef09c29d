import { type Bundle, translatedWords } from '../../core/words/translatedWords.ts';
import { english, type Words } from '../../core/words/words.ts';

/** The words for a tag such as "de-AT": of that language, else of "de", else English. Whatever a client says is taken. */
export function wordsFor(tag: unknown, languages: ReadonlyMap<string, Bundle>): Words {
  const parts = typeof tag === 'string' ? tag.toLowerCase().split(/[-_.]/u).slice(0, mostParts) : [];
  for (let length = parts.length; length > 0; length--) {
    const bundle = languages.get(parts.slice(0, length).join('-'));
    if (bundle !== undefined) {
      return translatedWords(bundle);
    }
  }
  return english;
}

const mostParts = 4;
