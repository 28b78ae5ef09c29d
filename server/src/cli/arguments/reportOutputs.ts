import { type ReportFormatId, reportFormatIds } from '../../core/report/formats.ts';
import { oneOf, wrong } from './optionValues.ts';

/** One report of a scan. */
export interface ReportOutput {
  readonly format: ReportFormatId;
  /** Standard output where `undefined`. */
  readonly file: string | undefined;
}

type Mistake = { readonly kind: 'usageError'; readonly message: string };

/**
 * Where the reports of a scan go: one for each `--output [FORMAT=]FILE`, `-` being standard output, which else has the
 * report only where no `--output` was given, or where `--format` was and no file has that report.
 */
export function reportOutputs(
  askedFormat: string | undefined,
  given: readonly string[],
): readonly [ReportOutput, ...ReportOutput[]] | Mistake {
  const format = oneOf(reportFormatIds, askedFormat ?? 'text');
  if (format === undefined) {
    return wrong('--format', askedFormat, `one of ${reportFormatIds.join(', ')}`);
  }
  const outputs: ReportOutput[] = [];
  let isFormatUsed = false;
  for (const text of given) {
    const { prefix, rest } = split(text);
    const own = oneOf(reportFormatIds, prefix ?? '');
    if (prefix !== undefined && own === undefined) {
      const message = `--output ${text}: there is no format "${prefix}" (${reportFormatIds.join(', ')}); for a file of that name write "./${text}"`;
      return { kind: 'usageError', message };
    }
    if (rest === '') {
      return wrong('--output', text, 'a file');
    }
    isFormatUsed ||= own === undefined;
    outputs.push({ format: own ?? format, file: rest === '-' ? undefined : rest });
  }
  const hasStandardOutput = outputs.some(({ file }) => file === undefined);
  if (outputs.length === 0 || (askedFormat !== undefined && !isFormatUsed && !hasStandardOutput)) {
    outputs.push({ format, file: undefined });
  }
  const places = outputs.map(({ file = '-' }) => file);
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  const [first, ...others] = outputs;
  return twice === undefined && first !== undefined
    ? [first, ...others]
    : { kind: 'usageError', message: `--output names "${twice ?? ''}" twice` };
}

/** A word before the first `=` is a format; `./a=b.txt` is a file. */
function split(text: string): { readonly prefix: string | undefined; readonly rest: string } {
  const [, prefix, rest = text] = /^([a-z]+)=(.*)$/isu.exec(text) ?? [];
  return { prefix: prefix?.toLowerCase(), rest };
}
