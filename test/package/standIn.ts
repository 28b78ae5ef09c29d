import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Environment in which each `pinwatch scan` asks the service at `osvUrl` and no index, so that commands that name neither can
 * be run as they stand. `folder` is for the file that this takes.
 */
export function askingOnly(osvUrl: string, folder: string): NodeJS.ProcessEnv {
  const file = path.join(folder, 'askingOnly.cjs');
  const script = `
    const [, program = '', command] = process.argv;
    if (/(pinwatch|cli\\.js)$/.test(program) && command === 'scan') {
      process.argv.splice(3, 0, '--osv-url', ${JSON.stringify(osvUrl)}, '--index-url', 'none');
    }`;
  writeFileSync(file, script);
  return { NODE_OPTIONS: `--require ${file}` };
}
