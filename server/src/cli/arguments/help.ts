import { type CommandLineOption, helpSections, options, variables } from './options.ts';

const indent = 26;
const width = 120;

/** Every command and option, explained. */
export const helpText = `Pinwatch checks Python requirements for known vulnerabilities (data: OSV.dev).

Usage: pinwatch scan [PATH…] [options]    what is vulnerable, and what could not be checked
       pinwatch db update|status|import FILE [--database DIR] [--format text|json]
                                          the local advisory database, for --offline; FILE is OSV's all.zip or
                                          JSON lines, gzipped or not
       pinwatch cache stats|clear --cache-dir DIR [--format text|json]
                                          the answers kept between runs
       pinwatch init [FOLDER]             write a pinwatch.toml to start from
       pinwatch config [PATH] [--config FILE] [--format text|json]
                                          which settings hold there, and where each of them comes from
       pinwatch health [--format text|json]
                                          whether each part that a scan with the same options needs works
       pinwatch parse FILE… | --jsonl     how Pinwatch reads a file, as JSON
       pinwatch version --jsonl           PEP 440 operations, one JSON object a line
       pinwatch match --jsonl [--database DIR]
                                          advisories of the local database, one JSON object a line
       pinwatch --version | --help | scan --help

PATH is a file, a folder (searched for every file that Pinwatch reads) or - for standard input; the default is the
current folder.

${helpSections.map((section) => `${section}\n${rowsOf(section)}\n`).join('\n')}
Exit codes: 0 nothing at or above the threshold · 1 findings · 2 wrong usage or configuration, or a report that could
not be written · 3 incomplete: something could not be checked, nothing at all was assessed, the data are too old, or an
error of Pinwatch itself (1 wins over 3) · 4 nothing to scan
`;

function rowsOf(section: string): string {
  const named = Object.entries<CommandLineOption>(options).map(([name, option]) => ({
    ...option,
    name: `--${name}${option.value === undefined ? '' : ` ${option.value}`}`,
  }));
  const all = [...named, ...Object.entries(variables).map(([name, variable]) => ({ ...variable, name, choices: [] }))];
  return all
    .filter((row) => row.section === section)
    .flatMap(({ name, help = '', choices = [] }) => [row(name, help), ...choices.map(choiceRow)])
    .join('\n');
}

/** The name in the margin and the words beside it, as many in a line as fit. */
function row(name: string, help: string): string {
  const lines: string[] = [];
  for (const word of help.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && indent + longer.length <= width) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(word);
    }
  }
  return lines
    .map((line, index) => `${index === 0 ? `  ${name} `.padEnd(indent) : ' '.repeat(indent)}${line}`)
    .join('\n');
}

function choiceRow([word, meaning]: readonly [string, string]): string {
  return `${' '.repeat(indent + 2)}${word.padEnd(11)}${meaning}`;
}
