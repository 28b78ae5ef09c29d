import type { Level } from './levels.ts';

/** What a part of a text is to a reader at a terminal; the words say the same without it. */
export type Tone = Level | 'good' | 'strong' | 'quiet';

export type Paint = (tone: Tone, text: string) => string;

export const withoutColour: Paint = (_tone, text) => text;

/** For terminals: the sixteen colours that each of them has in its own scheme. */
export const inColour: Paint = (tone, text) => {
  const [on, off] = codes[tone];
  return text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;
};

const codes: Readonly<Record<Tone, readonly [on: number, off: number]>> = {
  error: [31, 39],
  warning: [33, 39],
  note: [36, 39],
  good: [32, 39],
  strong: [1, 22],
  quiet: [2, 22],
};
