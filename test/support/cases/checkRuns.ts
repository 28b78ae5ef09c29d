import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CaseRun, Check } from './sharedCase.ts';

interface CaseReport {
  readonly files: readonly {
    readonly path: string;
    readonly requirements: readonly {
      readonly line: number;
      readonly outcome: string;
      readonly reason: string | null;
      readonly verdict: string | null;
      readonly version: string | null;
      readonly findings: readonly {
        readonly records: readonly string[];
        readonly nearestFix: string | null;
        readonly barred?: string;
      }[];
    }[];
    readonly problems: readonly { readonly line: number; readonly endLine: number; readonly message: string }[];
  }[];
}

/** What does not hold of `check`, in words. `runs` by format, with one as JSON; `input` is the project before. */
export function failuresOf(check: Check, runs: ReadonlyMap<string, CaseRun>, input: string): readonly string[] {
  const json = runs.get('json');
  if (json === undefined) return ['there is no run as JSON'];
  if (check.anyOf !== undefined) {
    const all = check.anyOf.map((list) => list.flatMap((one) => failuresOf(one, runs, input)));
    return all.some((one) => one.length === 0) ? [] : [`none of: ${JSON.stringify(all)}`];
  }
  if (check.exit !== undefined) {
    const wanted = check.exit;
    return [...runs].flatMap(([format, { code }]) =>
      code !== null && wanted.includes(code) ? [] : [`${format} ends with ${code}`],
    );
  }
  if (check.output !== undefined) {
    const { formats = [...runs.keys()] } = check.output;
    return [...runs].flatMap(([format, run]) => (formats.includes(format) ? outputFailures(check, format, run) : []));
  }
  if (check.file !== undefined) return fileFailures(check, check.file, json, input);
  const report = JSON.parse(json.out) as CaseReport;
  if (check.log !== undefined) {
    return fails(check.log.like, [json.err + JSON.stringify({ ...report, files: undefined })], 'the log');
  }
  if (check.report !== undefined) {
    const { without } = check.report;
    return report.files.some((file) => file.path === without) ? [`the report has ${without}`] : [];
  }
  if (check.requirement !== undefined) return requirementFailures(check, check.requirement, report);
  return remarkFailures(check, json, report);
}

function fails(like: string | undefined, texts: readonly string[], what: string): readonly string[] {
  return texts.some((text) => text !== '' && new RegExp(like ?? '', 'imu').test(text))
    ? []
    : [`${what} is not like ${like}: ${JSON.stringify(texts)}`];
}

function outputFailures({ output = {} }: Check, format: string, { out, err, written }: CaseRun): readonly string[] {
  const { like, never } = output;
  const text = [out, err, ...written].join('\n');
  return [
    ...(like === undefined ? [] : fails(like, [text], `${format}: the output`)),
    ...(never !== undefined && new RegExp(never, 'imu').test(text) ? [`${format}: the output has ${never}`] : []),
  ];
}

function fileFailures(
  { line, like, never }: Check,
  file: string,
  { folder }: CaseRun,
  input: string,
): readonly string[] {
  const [before, after] = [input, folder].map((one) => readFileSync(path.join(one, file), 'utf8'));
  if (line === undefined) return before === after ? [] : [`${file} has changed: ${after}`];
  const [was, is] = [before, after].map((text = '') => text.split('\n')[line - 1] ?? '');
  if (like === undefined && never === undefined) return was === is ? [] : [`${file}:${line} has changed: ${is}`];
  return [
    ...(like === undefined ? [] : fails(like, [is ?? ''], `${file}:${line}`)),
    ...(never !== undefined && new RegExp(never, 'u').test(is ?? '') ? [`${file}:${line} is ${is}`] : []),
  ];
}

function requirementFailures(check: Check, place: string, { files }: CaseReport): readonly string[] {
  const found = files
    .flatMap(({ path: file, requirements }) => requirements.map((one) => ({ file, ...one })))
    .find(({ file, line }) => `${file}:${line}` === place);
  if (found === undefined) return [`there is no requirement at ${place}`];
  const { outcome, verdict, version, findings } = found;
  const { min = 0, max = Infinity } = check.findings ?? {};
  const records = findings.flatMap((one) => one.records);
  const never = check.nearestFix?.never;
  const isWrongFix = findings.some(
    ({ nearestFix }) => never !== undefined && nearestFix !== null && new RegExp(never, 'u').test(nearestFix),
  );
  return [
    ...(check.outcome?.includes(outcome) === false ? [`${place} is ${outcome}`] : []),
    ...(check.verdict?.includes(verdict) === false ? [`${place} is ${verdict}`] : []),
    ...(check.version?.includes(version) === false ? [`${place} is of version ${version}`] : []),
    ...(findings.length < min || findings.length > max ? [`${place} has ${findings.length} findings`] : []),
    ...(check.ids ?? []).flatMap((id) => (records.includes(id) ? [] : [`${place} lacks ${id}`])),
    ...(isWrongFix ? [`${place} has a fix like ${never}`] : []),
  ];
}

function remarkFailures(check: Check, { err }: CaseRun, { files }: CaseReport): readonly string[] {
  const { said = [], remark, lines = [], like } = check;
  const places = remark === undefined ? [said].flat() : lines.map((line) => `${remark}:${line}`);
  if (places.length === 0) return [`this check is not known: ${JSON.stringify(check)}`];
  const isMeant = (file: string, from: number, to = from): boolean =>
    places.some((place) => {
      const at = Number(place.slice(file.length + 1));
      return place.startsWith(`${file}:`) && from <= at && at <= to;
    });
  const texts = [
    ...err.split('\n').filter((text) => places.some((place) => text.includes(place))),
    ...files.flatMap(({ path: file, requirements, problems }) => [
      ...requirements.flatMap(({ line, reason, findings }) =>
        isMeant(file, line) ? [reason ?? '', ...findings.map(({ barred = '' }) => barred)] : [],
      ),
      ...problems.flatMap(({ line, endLine, message }) => (isMeant(file, line, endLine) ? [message] : [])),
    ]),
  ];
  return fails(like, texts, places.join(' and '));
}
