import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

const operations = path.resolve(import.meta.dirname, '../../docs/operations');

export function hasPrometheus(): boolean {
  return spawnSync('prometheus', ['--version']).status === 0;
}

/** What `promtool check metrics` says of a page; nothing where it is right. */
export function checkedMetrics(page: string): string {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { encoding: 'utf8', input: page });
  return status === 0 && `${stdout}${stderr}` === '' ? '' : `${stdout}${stderr} (${status})`;
}

/** A real Prometheus that scrapes four times a second, with our rules as they are but for how long they wait. */
export class Prometheus {
  readonly #url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.#url = url;
    this.#child = child;
  }

  static async start(folder: string, port: number, targets: readonly string[]): Promise<Prometheus> {
    writeFileSync(path.join(folder, 'rules.yml'), impatientRules());
    writeFileSync(path.join(folder, 'prometheus.yml'), config(targets));
    const address = `127.0.0.1:${port}`;
    const child = spawn(
      'prometheus',
      [
        `--config.file=${path.join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${path.join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--log.level=error',
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const prometheus = new Prometheus(`http://${address}`, child);
    await prometheus.until('Prometheus to be ready', async () =>
      (await fetch(`http://${address}/-/ready`).catch(() => undefined))?.ok === true ? 'ready' : undefined,
    );
    return prometheus;
  }

  /** The alerts that are firing, each once. */
  async firing(): Promise<readonly string[]> {
    const { alerts } = (await this.#get('alerts')) as { readonly alerts: readonly Alert[] };
    const names = alerts.flatMap(({ labels, state }) => (state === 'firing' ? [labels['alertname'] ?? ''] : []));
    return [...new Set(names)].sort();
  }

  /** The values of a query, now. */
  async query(query: string): Promise<readonly number[]> {
    const { result } = (await this.#get(`query?query=${encodeURIComponent(query)}`)) as {
      readonly result: readonly { readonly value: readonly [number, string] }[];
    };
    return result.map(({ value }) => Number(value[1]));
  }

  /** Asks again and again, and does the work in between. */
  async until<T>(what: string, probe: () => Promise<T | undefined>, work?: () => Promise<unknown>): Promise<T> {
    const end = performance.now() + longestMs;
    for (;;) {
      const found = await probe();
      if (found !== undefined) {
        return found;
      }
      if (performance.now() > end) {
        throw new Error(`waited in vain for ${what}; firing: ${(await this.firing()).join(', ')}`);
      }
      await work?.();
      await setTimeout(100);
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await ended;
    }
  }

  async #get(what: string): Promise<unknown> {
    const answer = (await (await fetch(`${this.#url}/api/v1/${what}`)).json()) as {
      readonly data?: unknown;
      readonly error?: string;
    };
    if (answer.data === undefined) {
      throw new Error(`Prometheus refuses ${decodeURIComponent(what)}: ${answer.error}`);
    }
    return answer.data;
  }
}

const longestMs = 60_000;

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: string;
}

/** Seconds in place of minutes and hours. What is a limit stays as it is. */
function impatientRules(): string {
  return readFileSync(path.join(operations, 'prometheus-rules.yml'), 'utf8')
    .replace(/\bfor: \d+[mh]$/gmu, 'for: 0s')
    .replace(/\[\d+[mh]\]/gu, '[3s]');
}

function config(targets: readonly string[]): string {
  return [
    'global: { scrape_interval: 250ms, scrape_timeout: 250ms, evaluation_interval: 250ms }',
    'rule_files: [rules.yml]',
    'scrape_configs:',
    `  - { job_name: pinwatch, static_configs: [{ targets: [${targets.map((target) => `'${target}'`).join(', ')}] }] }`,
    '',
  ].join('\n');
}
