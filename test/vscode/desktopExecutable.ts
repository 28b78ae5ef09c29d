import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathOfTool } from './pathOfTool.ts';

/**
 * The executable of desktop VS Code: the one named in PINWATCH_DESKTOP, else the one that `code` on PATH starts.
 * `code` itself is a script that returns at once; tests started through it would seem to have passed.
 */
export function desktopExecutable(platform = process.platform): string | undefined {
  const named = process.env['PINWATCH_DESKTOP'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`PINWATCH_DESKTOP names ${named}, but there is no such file.`);
    const executable = isScript(named) ? startedBy(named, platform) : named;
    if (executable === undefined) {
      throw new Error(`PINWATCH_DESKTOP names ${named}, which is a script. Name the executable that it starts.`);
    }
    return executable;
  }
  const command = pathOfTool(platform === 'win32' ? 'code.cmd' : 'code');
  return command === undefined ? undefined : startedBy(command, platform);
}

/** Where VS Code's packages put the executable, seen from the script; undefined for anything else called `code`. */
function startedBy(script: string, platform: NodeJS.Platform): string | undefined {
  const bin = path.dirname(realpathSync(script));
  const folder = platform === 'darwin' ? path.resolve(bin, '../../../MacOS') : path.dirname(bin);
  const names = platform === 'linux' ? [path.basename(realpathSync(script))] : namesIn(folder, platform);
  return names.map((name) => path.join(folder, name)).find((file) => existsSync(file) && isExecutableFile(file));
}

function namesIn(folder: string, platform: NodeJS.Platform): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) =>
    platform === 'win32' ? /^Code( - Insiders)?\.exe$/iu.test(name) : /^(Electron|Code)/u.test(name),
  );
}

function isExecutableFile(file: string): boolean {
  return statSync(file).isFile() && !isScript(file);
}

function isScript(file: string): boolean {
  if (/\.(cmd|bat|sh)$/iu.test(file)) return true;
  const start = Buffer.alloc(2);
  const opened = openSync(file, 'r');
  try {
    readSync(opened, start, 0, 2, 0);
  } finally {
    closeSync(opened);
  }
  return start.toString('latin1') === '#!';
}
