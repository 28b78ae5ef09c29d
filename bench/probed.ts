import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ServerProcess, type ServerOptions } from './serverProcess.ts';

export interface ProbeFigures {
  readonly blockMs: number;
  /** The same as processor time of its thread. */
  readonly blockCpuMs: number;
  readonly cpuMs: number;
  readonly rss: number;
  readonly peakRss: number;
  readonly heapUsed: number;
  /** What keeps the event loop alive: timers, sockets, by kind. */
  readonly handles: Readonly<Record<string, number>>;
}

export interface Probed {
  readonly process: ServerProcess;
  /** Its figures since the last look. */
  readonly probe: () => Promise<ProbeFigures>;
}

/** A server whose process says its figures; `file` is where it writes them. */
export async function startProbed(
  module: string,
  settings: object,
  file: string,
  options: ServerOptions,
): Promise<Probed> {
  const own = `${file}.${performance.now()}`;
  const process = await ServerProcess.start(module, settings, {
    ...options,
    execArgv: ['--expose-gc', '--require', path.join(import.meta.dirname, 'probe.cjs')],
    env: { ...globalThis.process.env, PROBE_BLOCKS: '1', ...options.env, PROBE_FILE: own },
  });
  const probe = async (): Promise<ProbeFigures> => {
    rmSync(own, { force: true });
    globalThis.process.kill(process.pid, 'SIGUSR2');
    while (!existsSync(own)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return JSON.parse(readFileSync(own, 'utf8')) as ProbeFigures; // as the probe wrote it
  };
  return { process, probe };
}
