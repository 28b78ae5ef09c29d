import { anyRun, exactly, wildcardMatcher, type WildcardStep } from './wildcard.ts';

/**
 * Whether a path fits a glob as VS Code writes them: `*` and `?` within a folder, `**` across folders, `{a,b}` for
 * alternatives. A pattern without a slash is about the file's name alone. Paths have `/` between their parts.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  const whole = pattern.includes('/') ? pattern.replace(/^\.?\//u, '') : `**/${pattern}`;
  return globMatcher(whole.startsWith('**/') ? whole : `**/${whole}`)(path);
}

/** For whole paths. */
export function globMatcher(glob: string): (path: string) => boolean {
  const matchers = alternatives(glob).map((one) => wildcardMatcher(stepsOf(one)));
  return (path) => matchers.some((matches) => matches(path));
}

// Braces multiply; nobody means more.
const mostAlternatives = 256;

/** The globs that the braces of one stand for; braces that do not close are themselves. */
function alternatives(glob: string): readonly string[] {
  const done: string[] = [];
  const open = [glob];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const found = /^(.*?)\{([^{}]*)\}(.*)$/su.exec(next);
    if (found === null || done.length + open.length > mostAlternatives) {
      done.push(next);
      continue;
    }
    const [, before = '', choices = '', after = ''] = found;
    choices.split(',').forEach((choice) => open.push(before + choice.trim() + after));
  }
  return done;
}

function stepsOf(glob: string): readonly WildcardStep[] {
  return (glob.match(/\*\*\/|\*+|[\s\S]/gu) ?? []).map((part): WildcardStep => {
    if (part === '**/') {
      return { kind: 'folders' };
    }
    if (part.startsWith('*')) {
      return part.length > 1 ? anyRun : { kind: 'run', fits: isNoSlash };
    }
    return part === '?' ? { kind: 'one', fits: isNoSlash } : exactly(part);
  });
}

function isNoSlash(character: string): boolean {
  return character !== '/';
}
