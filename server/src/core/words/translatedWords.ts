import { type Form, isForm, type PlaceKind, sentenceEnd, toForm, translatedBy } from './form.ts';
import { filled, type Words } from './words.ts';

/** The texts of another language, from the English to the translation, each kind by area. */
export interface Bundle {
  /** Of `t`. */
  readonly messages: Areas;
  /** Of `said`: whole sentences and titles. */
  readonly sentences: Areas;
  /** Of `part`, and of what stands within sentences. */
  readonly parts: Areas;
}

type Areas = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The words of a bundle. What it lacks stays English. */
export function translatedWords({ messages, sentences, parts }: Bundle): Words {
  const ofMessages = new Texts(messages);
  const ofSentences = new Texts(sentences);
  const ofParts = new Texts(parts);

  const valueOf =
    (depth: number): ValueOf =>
    (value, kind) => {
      if (kind === 'as is' || !value.includes(' ') || depth === mostDepth) {
        return value; // a single word is somebody's name
      }
      return kind === 'text' ? bySentence(value, depth) : /^"[^"]*"$/u.test(value) ? value : ours(value, depth);
    };
  const ours = (text: string, depth: number): string => {
    const values = valueOf(depth + 1);
    const known = endsSentence.test(text)
      ? (ofSentences.of(text, values) ?? partOf(text, depth))
      : (partOf(text, depth) ?? ofSentences.of(text, values));
    return known ?? bySentence(text, depth);
  };
  /** A list is said item by item, unless its commas are our own. */
  const partOf = (text: string, depth: number): string | undefined => {
    const values = valueOf(depth + 1);
    return ofParts.of(text, values, /, /u) ?? (isList(text) ? byItem(text, values) : ofParts.of(text, values));
  };
  const byItem = (list: string, values: ValueOf): string | undefined => {
    const items = list.split(', ');
    const translated = items.map((item) => ofParts.of(item, values) ?? item);
    return translated.some((item, at) => item !== items[at]) ? translated.join(', ') : undefined;
  };
  const bySentence = (text: string, depth: number): string => {
    const split = text.split(sentenceEnd);
    const translated: string[] = [];
    for (let at = 0; at < split.length;) {
      const [length, known] = longestKnown(split.slice(at, at + mostTogether), depth);
      translated.push(known);
      at += length;
    }
    return translated.join(' ');
  };
  const longestKnown = (split: readonly string[], depth: number): readonly [number, string] => {
    for (let length = split.length; length > 0; length--) {
      const known = ofSentences.of(split.slice(0, length).join(' '), valueOf(depth + 1), endsSentence);
      if (known !== undefined) {
        return [length, known];
      }
    }
    return [1, split[0] ?? ''];
  };
  return {
    t: (message, ...values) => filled(ofMessages.exact(message) ?? message, ...values),
    said: (text) => (text.length > longest ? text : (ofSentences.of(text, valueOf(0)) ?? bySentence(text, 0))),
    part: (text) => partOf(text, 0) ?? text,
  };
}

type ValueOf = (value: string, kind: PlaceKind) => string;

// Our own texts are shorter, and hold reasons within reasons at most.
const longest = 3_000;
const mostDepth = 4;
const endsSentence = /[.!?)\u2026}]$/u;
const mostTogether = 3;

function isList(text: string): boolean {
  return text.includes(', ') && !sentenceEnd.test(text);
}

/** Texts of one kind: those that are looked up, and those that are recognised by their form. */
class Texts {
  readonly #exact: ReadonlyMap<string, string>;
  readonly #forms: readonly (readonly [string, Form])[];

  constructor(areas: Areas) {
    const all = Object.values(areas).flatMap((area) => Object.entries(area));
    this.#exact = new Map(all);
    this.#forms = all
      .filter(([message]) => isForm(message))
      .map(([message, translation]) => [message, toForm(message, translation)] as const)
      // The one that says most by itself is meant.
      .sort(([, a], [, b]) => b.weight - a.weight);
  }

  exact(text: string): string | undefined {
    return this.#exact.get(text);
  }

  of(text: string, valueOf: ValueOf, only?: RegExp): string | undefined {
    const exact = this.#exact.get(text);
    if (exact !== undefined) {
      return exact;
    }
    for (const [message, form] of this.#forms) {
      const translated = only?.test(message) === false ? undefined : translatedBy(form, text, valueOf);
      if (translated !== undefined) {
        return translated;
      }
    }
    return undefined;
  }
}
