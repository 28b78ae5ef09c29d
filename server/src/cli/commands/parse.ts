import { jsonText } from '../../core/report/formats/jsonText.ts';
import { plainText } from '../../core/text/plainText.ts';
import type { ParsedLines } from '../../core/manifests/manifest.ts';
import { kindOfNamed } from '../../core/manifests/manifestKinds.ts';
import { hasTooManyLines, mostLines } from '../../core/text/lineLimit.ts';
import { exitCodes } from '../exitCodes.ts';
import type { CliIo } from '../io.ts';
import { answerJsonLines } from '../jsonLines.ts';

/** `pinwatch parse`: the parsed files as JSON, one document for one file, one line each for several. */
export async function runParse(paths: readonly string[], io: CliIo): Promise<number> {
  let code: number = exitCodes.clean;
  for (const path of paths) {
    const read = await io.readFile(path, { signal: io.signal });
    if ('error' in read) {
      io.stderr(`pinwatch: ${plainText(read.error, 1000)}\n`);
      code = exitCodes.usage;
      continue;
    }
    const parsed = parsedJson(read.text, path === '-' ? undefined : path);
    io.stdout(`${jsonText(paths.length > 1 ? { id: path, ...parsed } : parsed)}\n`);
  }
  return code;
}

/** `pinwatch parse --jsonl`: `{"id","text"|"b64","path"?,"env"?}` a line in, `{"id","lines","items"}` a line out. */
export async function runParseLines(io: CliIo): Promise<number> {
  await answerJsonLines(io, (request) => parseRequest(request, io));
  return exitCodes.clean;
}

function parseRequest(request: unknown, io: CliIo): object {
  if (typeof request !== 'object' || request === null) {
    return { error: 'A line should be an object with "id" and "text" or "b64".' };
  }
  const { id, text, b64, path, env } = request as Record<string, unknown>;
  const bytes = typeof b64 === 'string' ? bytesOf(b64) : undefined;
  if (typeof b64 === 'string' && bytes === undefined) {
    return { id, error: '"b64" is not base64.' };
  }
  const read = bytes === undefined ? { text } : io.decode(bytes);
  if ('error' in read) {
    return { id, error: read.error };
  }
  if (typeof read.text !== 'string') {
    return { id, error: 'A line should have "text" or "b64".' };
  }
  if (hasTooManyLines(read.text)) {
    return { id, error: `The text has more than ${mostLines} lines.` };
  }
  return { id, ...parsedJson(read.text, typeof path === 'string' ? path : undefined, environmentOf(env)) };
}

function parsedJson(
  text: string,
  path: string | undefined,
  environment: Readonly<Record<string, string>> = {},
): ParsedLines {
  return kindOfNamed(path ?? '').describe(text, { environment, ...(path === undefined ? {} : { path }) });
}

function environmentOf(env: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(typeof env === 'object' && env !== null ? env : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

function bytesOf(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
