import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Figures {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly bytes: number;
}

/** Node with these arguments; the figures are its own, without any other process. `folder` takes files of ours. */
export async function runMeasured(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Figures> {
  const script = path.join(folder, 'figures.cjs');
  const file = path.join(folder, 'figures.json');
  writeFileSync(
    script,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(file)}, JSON.stringify(process.resourceUsage())));\n`,
  );
  const start = performance.now();
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, ['--require', script, ...args], { stdio: 'ignore', env });
  await once(child, 'exit');
  const wallMs = performance.now() - start;
  const usage = JSON.parse(readFileSync(file, 'utf8')) as NodeJS.ResourceUsage; // as the script wrote it
  return { wallMs, cpuMs: (usage.userCPUTime + usage.systemCPUTime) / 1000, bytes: usage.maxRSS * 1024 };
}
