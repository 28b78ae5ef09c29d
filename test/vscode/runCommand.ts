import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Without it the command may take as long as it likes. */
  readonly timeoutMs?: number;
}

/** Runs a command to its end and gives its stdout. Rejects with the last lines it wrote when it fails. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { timeoutMs, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const asGroup = process.platform !== 'win32'; // there it would open a console window
    const child = spawn(command, args, { ...spawnOptions, detached: asGroup, stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = () => {
      try {
        if (asGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // The whole group has ended already.
      }
    };
    // npm starts shells that start compilers: ending only npm would leave them at work.
    process.once('exit', kill);
    let isLate = false;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            isLate = true;
            kill();
          }, timeoutMs);
    const settle = () => {
      process.off('exit', kill);
      clearTimeout(timer);
    };

    let stdout = '';
    let written = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      written += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (written += text));
    child.once('error', (error) => {
      settle();
      reject(new Error(`${command} could not be started: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      settle();
      const how = isLate ? `did not end within ${(timeoutMs ?? 0) / 1000} s` : `ended with ${signal ?? code}`;
      if (code === 0 && !isLate) resolve(stdout);
      else reject(new Error(`${[command, ...args].join(' ')} ${how}:\n${lastLines(written)}`));
    });
  });
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-60).join('\n');
}
