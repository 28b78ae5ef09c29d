import type { Licence } from '../../../packages/licence.ts';
import { parseSpdxExpression } from '../../../packages/spdxExpression.ts';
import { plainText } from '../../../text/plainText.ts';

/** What a release says of its licence: its expression, else the names that its author and the index give. */
export function licencesJson([licence]: readonly Licence[]): object {
  if (licence === undefined) {
    return {};
  }
  const { expression, text, classifiers } = licence;
  if (expression !== undefined && parseSpdxExpression(expression) !== undefined) {
    return { licenses: [{ expression: plainText(expression, 300), acknowledgement: 'declared' }] };
  }
  const said = [expression ?? text ?? '', ...classifiers.map((one) => one.replace(/^OSI Approved :: /u, ''))];
  const names = new Set(said.map((one) => plainText(one, 300)).filter((one) => one !== ''));
  return names.size === 0
    ? {}
    : { licenses: [...names].map((name) => ({ license: { name, acknowledgement: 'declared' } })) };
}
