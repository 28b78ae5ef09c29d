import { maskSecrets } from '../../core/text/maskSecrets.ts';
import { decodeSettings } from '../../../../protocol/decodeSettings.ts';

/** A mistake in the call. A password in an address is not repeated. */
export function wrong(
  option: string,
  value: string | undefined,
  expected: string,
): { readonly kind: 'usageError'; readonly message: string } {
  const shown = maskSecrets(value ?? '');
  return { kind: 'usageError', message: `${option} should be ${expected}, not "${shown}"` };
}

export function oneOf<const T extends string>(choices: readonly T[], value: string): T | undefined {
  return choices.find((choice) => choice === value);
}

/** https anywhere, http on this machine only: the one who answers decides what looks safe. */
export function serviceUrl(value: string): string | undefined {
  const { settings, warnings } = decodeSettings({ osv: { url: value } });
  return warnings.length === 0 ? settings.osvUrl : undefined;
}

/** A whole number from 1 to `most`. */
export function wholeNumber(value: string, most: number): number | undefined {
  const number = positiveNumber(value, most);
  return number !== undefined && Number.isInteger(number) ? number : undefined;
}

/** A number above 0 and not above `most`. */
export function positiveNumber(value: string, most: number): number | undefined {
  const number = value.trim() === '' ? NaN : Number(value);
  return number > 0 && number <= most ? number : undefined;
}
