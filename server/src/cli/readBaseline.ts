import { type Baseline, decodeBaseline } from '../core/report/baseline.ts';
import { plainText } from '../core/text/plainText.ts';
import type { CliIo } from './io.ts';
import { presentPaths } from './repositoryPaths.ts';

/** The report of an earlier scan that findings are compared with, or why it cannot be used. */
export async function readBaseline(
  file: string,
  io: CliIo,
  signal: AbortSignal,
): Promise<Baseline | { readonly error: string }> {
  const read = await io.readText(file, signal);
  const shown = plainText(file, 300);
  if ('error' in read) {
    return { error: `the baseline "${shown}" could not be read: ${read.error}` };
  }
  let json: unknown;
  try {
    json = JSON.parse(read.text);
  } catch {
    return { error: `the baseline "${shown}" is not JSON` };
  }
  const baseline = decodeBaseline(json, await presentPaths(io));
  return 'wrong' in baseline ? { error: `the baseline "${shown}" cannot be used: ${baseline.wrong}` } : baseline;
}
