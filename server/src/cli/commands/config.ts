import { effectiveValues } from '../../core/config/effectiveValues.ts';
import { jsonText } from '../../core/report/formats/jsonText.ts';
import { plainText } from '../../core/text/plainText.ts';
import { readConfigs } from '../../project/configs.ts';
import { rootsOf } from '../../project/ignores.ts';
import type { Command } from '../arguments/command.ts';
import { exitCodes } from '../exitCodes.ts';
import type { CliIo } from '../io.ts';

/** `pinwatch config`: which settings hold for a path, and where each of them comes from. */
export async function runConfig(command: Extract<Command, { kind: 'config' }>, io: CliIo): Promise<number> {
  const { path, config: named, format, options } = command;
  if (path !== '-' && (await io.kindOf(path)) === 'missing') {
    io.stderr(`pinwatch: there is no file or folder "${plainText(path, 1000)}"\n`);
    return exitCodes.usage;
  }
  const roots = await rootsOf([path], io);
  const read = await readConfigs([path], io.configFiles, io, { named, roots }, io.signal);
  if ('errors' in read) {
    read.errors.forEach((error) => io.stderr(`pinwatch: ${plainText(error, 1000)}\n`));
    return exitCodes.usage;
  }
  const config = read.of(path);
  const given = {
    'fail-on': options.failOn,
    include: options.include,
    exclude: options.exclude,
    'max-data-age': options.maxDataAgeDays,
  };
  const values = effectiveValues(config, given);
  if (format === 'json') {
    io.stdout(`${jsonText({ file: config?.path ?? null, values }, 2)}\n`);
    return exitCodes.clean;
  }
  const rows = values.map(
    ({ key, value, from }) =>
      `${key.padEnd(29)} ${value === null ? 'not set' : jsonText(value)}  (${plainText(from, 500)})`,
  );
  io.stdout(
    `${[config === undefined ? 'No configuration file.' : plainText(config.path, 1000), ...rows].join('\n')}\n`,
  );
  return exitCodes.clean;
}
