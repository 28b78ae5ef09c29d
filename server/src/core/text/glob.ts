/**
 * Whether a path fits a glob as VS Code writes them: `*` and `?` within a folder, `**` across folders, `{a,b}` for
 * alternatives. A pattern without a slash is about the file's name alone. Paths have `/` between their parts.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  const whole = pattern.includes('/') ? pattern.replace(/^\.?\//u, '') : `**/${pattern}`;
  return globPattern(whole.startsWith('**/') ? whole : `**/${whole}`).test(path);
}

/** As an expression for a whole path. */
export function globPattern(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*+|\?|\{[^{}]*\}|[\\^$.+()|[\]{}]/gu, (part) => {
    if (part === '**/') {
      return '(?:.*/)?';
    }
    if (part.startsWith('*')) {
      return part.length > 1 ? '.*' : '[^/]*';
    }
    if (part === '?') {
      return '[^/]';
    }
    if (part.startsWith('{') && part.endsWith('}')) {
      const choices = part
        .slice(1, -1)
        .split(',')
        .map((choice) => globSource(choice.trim()));
      return `(?:${choices.join('|')})`;
    }
    return `\\${part}`;
  });
  return new RegExp(`^${source}$`, 'u');
}

function globSource(glob: string): string {
  return globPattern(glob).source.slice(1, -1);
}
