import type { Log } from '../../server/src/engine/ports.ts';

/** Keeps what was said. */
export class FakeLog implements Log {
  readonly lines: string[] = [];

  /** Those that are not for debugging. */
  get said(): readonly string[] {
    return this.lines.filter((line) => !line.startsWith('debug: '));
  }

  error(message: string): void {
    this.lines.push(`error: ${message}`);
  }

  warn(message: string): void {
    this.lines.push(`warn: ${message}`);
  }

  info(message: string): void {
    this.lines.push(`info: ${message}`);
  }

  debug(message: string): void {
    this.lines.push(`debug: ${message}`);
  }
}
