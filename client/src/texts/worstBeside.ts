import type { Diagnostic, DiagnosticRelatedInformation } from 'vscode';
import type { Translate } from './translate.ts';

const most = 2;

/**
 * What is shown beside a diagnostic of the document at `uri`. The Problems panel gives each entry a row of its own: of the
 * other advisories the worst are shown, and how many there are besides. Entries for other places stay.
 */
export function worstBeside(
  { range, relatedInformation = [] }: Pick<Diagnostic, 'range' | 'relatedInformation'>,
  uri: string,
  t: Translate,
): DiagnosticRelatedInformation[] {
  const isHere = ({ location }: DiagnosticRelatedInformation): boolean =>
    location.uri.toString() === uri && location.range.isEqual(range);
  const here = relatedInformation.filter(isHere);
  const last = here[most];
  if (last === undefined || here.length === most + 1) {
    return relatedInformation;
  }
  const message = t('{0} more: the hover and the report list them.', here.length - most);
  return [
    ...here.slice(0, most),
    { location: last.location, message },
    ...relatedInformation.filter((one) => !isHere(one)),
  ];
}
