import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { median } from './ratio.ts';

/** One measured thing. Smaller is better, whatever it is. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: '×' | 'ms' | 'MB' | '';
}

interface Entry {
  readonly date: string;
  readonly commit: string;
  readonly suite: string;
  readonly figures: Readonly<Record<string, number>>;
}

const file = path.join(import.meta.dirname, 'history.jsonl');
const compared = 5;
const tolerance = 1.2;

export function printFigures(figures: readonly Figure[]): void {
  figures.forEach(({ name, value, unit }) => console.log(`  ${name}: ${shown(value)} ${unit}`));
}

/** Puts the figures of a suite into the history, for later runs to be compared with. */
export function remember(suite: string, figures: readonly Figure[]): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const values = Object.fromEntries(figures.map(({ name, value }) => [name, Number(shown(value))]));
  const entry: Entry = { date: new Date().toISOString().slice(0, 10), commit, suite, figures: values };
  appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

/** Compares figures with the median of the last entries; returns those that are more than a fifth worse, in words. */
export function worseThanBefore(suite: string, figures: readonly Figure[]): readonly string[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const entries = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry); // as `remember` wrote it
  const before = entries.filter((entry) => entry.suite === suite).slice(-compared);
  return figures.flatMap(({ name, value, unit }) => {
    const values = before.flatMap((entry) => entry.figures[name] ?? []);
    const usual = median(values);
    return values.length > 0 && value > usual * tolerance
      ? [
          `${name}: ${shown(value)} ${unit}, ${(value / usual).toFixed(2)} × the median ${shown(usual)} of ${values.length}`,
        ]
      : [];
  });
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
