import { helpText } from '../cli/help.ts';
import { version } from './version.ts';

/**
 * What `--version` and `--help` print when they stand alone; `undefined` for everything else. The same as `run` answers,
 * without loading what a scan needs.
 */
export function quickAnswer(argv: readonly string[]): string | undefined {
  const [only, ...rest] = argv;
  if (rest.length > 0) {
    return undefined;
  }
  switch (only) {
    case '--version':
      return `${version}\n`;
    case '--help':
    case '-h':
    case 'help':
      return helpText;
    default:
      return undefined;
  }
}
