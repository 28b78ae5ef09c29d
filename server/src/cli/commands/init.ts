import { starterConfig } from '../../core/config/starterConfig.ts';
import { plainText } from '../../core/text/plainText.ts';
import { exitCodes } from '../exitCodes.ts';
import type { CliIo } from '../io.ts';

/** `pinwatch init`: writes a `pinwatch.toml` to start from, and never over one that is there. */
export async function runInit(folder: string, io: CliIo): Promise<number> {
  const file = folder === '.' ? 'pinwatch.toml' : `${folder.replace(/[\\/]+$/u, '')}/pinwatch.toml`;
  const shown = plainText(file, 1000);
  if ((await io.kindOf(folder)) !== 'folder') {
    io.stderr(`pinwatch: there is no folder "${plainText(folder, 1000)}"\n`);
    return exitCodes.usage;
  }
  if ((await io.kindOf(file)) !== 'missing') {
    io.stderr(`pinwatch: "${shown}" is there already, and stays as it is\n`);
    return exitCodes.usage;
  }
  try {
    await io.writeFile(file, starterConfig, [folder]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    io.stderr(`pinwatch: "${shown}" could not be written: ${plainText(why, 500)}\n`);
    return exitCodes.usage;
  }
  io.stdout(`Wrote ${shown}. Its keys are comments; take out the # of those that you want.\n`);
  return exitCodes.clean;
}
