import { reportFormatIds } from '../../core/report/formats.ts';
import { thresholds } from './failOn.ts';
import { type CommandLineOption, helpSections, options } from './options.ts';

const indent = 2;
const width = 88;

/** One screen: what to type, the names of all options, the exit codes. The full help says what each of them means. */
export const shortHelpText = `Pinwatch checks Python requirements for known vulnerabilities (data: OSV.dev).

  pinwatch scan [PATH…]         check files and folders (default: the current folder)
  pinwatch scan --fix           write the nearest safe versions (--dry-run: show them)
  pinwatch init [FOLDER]        write a pinwatch.toml to start from
  pinwatch config [PATH]        show which settings hold there, and why
  pinwatch health               check each part that a scan needs
  pinwatch db update            fetch the advisories for scan --offline
  pinwatch cache stats|clear    show or clear the answers kept between runs
  pinwatch parse FILE…|--jsonl  show how a file is read, as JSON
  pinwatch --version            show which Pinwatch this is
  pinwatch scan --help          explain every command and option

${helpSections.map((section) => `${section}\n${namesOf(section)}\n`).join('')}
FORMAT: ${reportFormatIds.join(', ')}
LEVEL of --fail-on: ${thresholds.join(', ')} (default any)

Exit codes:
  0  complete, and nothing at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage or configuration, or a report that could not be written
  3  incomplete: something could not be checked (1 wins over 3)
  4  nothing to scan
`;

function namesOf(section: string): string {
  const lines: string[] = [];
  for (const [name, option] of Object.entries<CommandLineOption>(options)) {
    if (option.section === section) {
      const shown = `--${name}${option.value === undefined ? '' : ` ${option.value}`}`;
      const longer = lines.length === 0 ? shown : `${lines.at(-1)}  ${shown}`;
      if (lines.length > 0 && indent + longer.length <= width) {
        lines[lines.length - 1] = longer;
      } else {
        lines.push(shown);
      }
    }
  }
  return lines.map((line) => ' '.repeat(indent) + line).join('\n');
}
