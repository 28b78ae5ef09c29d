import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end and gives its stdout. Rejects with the last lines it wrote when it fails. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const killAtExit = () => child.kill();
    process.once('exit', killAtExit);
    child.once('close', () => process.off('exit', killAtExit));
    let stdout = '';
    let written = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      written += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (written += text));
    child.once('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${[command, ...args].join(' ')} ended with ${signal ?? code}:\n${lastLines(written)}`));
    });
  });
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-20).join('\n');
}
