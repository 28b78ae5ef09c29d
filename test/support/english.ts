import type { Translate, Wording } from '../../client/src/texts/translate.ts';

/** The messages as they stand in the source, values filled in as VS Code does. */
export const english: Translate = (message, ...values) =>
  message.replaceAll(/\{(\d+)\}/gu, (_all, index: string) => String(values[Number(index)] ?? ''));

export const englishWording: Wording = { t: english, time: (instant) => instant };
