import { version } from './version.ts';

/**
 * What `--version` and `--help` print when they stand alone; `undefined` for everything else. The same as `run` answers,
 * without loading what a scan needs. The help is a part of its own, which may be missing.
 */
export function quickAnswer(argv: readonly string[]): string | Promise<string> | undefined {
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
      return import('../cli/arguments/shortHelp.ts').then(({ shortHelpText }) => shortHelpText);
    default:
      return undefined;
  }
}
