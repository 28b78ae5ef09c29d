import { anyRun, exactly, wildcardMatcher, type WildcardStep } from './wildcard.ts';

/** The rules of one `.gitignore`, for paths relative to its folder. */
export interface GitIgnore {
  /** `undefined` where no rule is about the path. */
  isIgnored(path: string, isFolder: boolean): boolean | undefined;
}

// Nobody writes more; a stranger might.
const mostRules = 5_000;
const longestRule = 1_000;

/** Reads a `.gitignore` as git does; what it could not mean is left out. */
export function gitIgnore(text: string): GitIgnore {
  const rules = text
    .split(/\r?\n/u)
    .slice(0, mostRules)
    .flatMap((line) => ruleOf(line) ?? []);
  return {
    isIgnored: (path, isFolder) => {
      for (let at = rules.length - 1; at >= 0; at--) {
        const rule = rules[at];
        if (rule !== undefined && (isFolder || !rule.foldersOnly) && matches(rule.parts, path.split('/'))) {
          return !rule.isNegated;
        }
      }
      return undefined;
    },
  };
}

type NameMatcher = (name: string) => boolean;

interface Rule {
  readonly parts: readonly ('**' | NameMatcher)[];
  readonly isNegated: boolean;
  readonly foldersOnly: boolean;
}

function ruleOf(line: string): Rule | undefined {
  // A blank at the end counts only where it is escaped.
  let text = line.replace(/(?<!\\)[ \t]+$/u, '');
  if (text === '' || text.startsWith('#') || text.length > longestRule) {
    return undefined;
  }
  const isNegated = text.startsWith('!');
  text = isNegated ? text.slice(1) : text;
  const foldersOnly = text.endsWith('/');
  text = text.replace(/\/+$/u, '');
  const isAnchored = text.includes('/');
  const names = text.split('/').filter((name) => name !== '');
  const parts = names.map((name) => (name === '**' ? name : nameMatcher(name)));
  if (parts.length === 0 || parts.includes(undefined)) {
    return undefined;
  }
  const known = parts as ('**' | NameMatcher)[];
  return { parts: isAnchored ? known : ['**', ...known], isNegated, foldersOnly };
}

/** One name, as steps; `undefined` for a class that does not end. */
function nameMatcher(name: string): ((text: string) => boolean) | undefined {
  const steps: WildcardStep[] = [];
  for (const part of name.match(/\\[\s\S]|\*+|\[[!^]?\]?[^\]]*\]|[\s\S]/gu) ?? []) {
    if (part.startsWith('\\')) {
      steps.push(exactly(part[1] ?? part));
    } else if (part.startsWith('*')) {
      steps.push(anyRun);
    } else if (part === '?') {
      steps.push({ kind: 'one', fits: () => true });
    } else if (part === '[') {
      return undefined;
    } else {
      steps.push(part.startsWith('[') ? classStep(part.slice(1, -1)) : exactly(part));
    }
  }
  return wildcardMatcher(steps);
}

/** What stands between brackets: characters and ranges of them, `!` or `^` for all others. */
function classStep(text: string): WildcardStep {
  const isNegated = /^[!^]/u.test(text);
  const characters = [...text.slice(isNegated ? 1 : 0)];
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < characters.length; at++) {
    const [first = '', dash, last] = characters.slice(at, at + 3);
    const isRange = dash === '-' && last !== undefined;
    ranges.push([first, isRange ? last : first]);
    at += isRange ? 2 : 0;
  }
  return { kind: 'one', fits: (one) => ranges.some(([from, to]) => one >= from && one <= to) !== isNegated };
}

function matches(parts: readonly ('**' | NameMatcher)[], names: readonly string[]): boolean {
  // Which places of the pattern may come next; a name moves each of them on.
  let open = closed(parts, new Set([0]));
  for (const name of names) {
    const next = new Set<number>();
    for (const at of open) {
      const part = parts[at];
      if (part === '**') {
        next.add(at);
      } else if (part?.(name) === true) {
        next.add(at + 1);
      }
    }
    open = closed(parts, next);
  }
  // `a/**` is what lies in `a`, and not `a` itself.
  return open.has(parts.length) && (parts.at(-1) !== '**' || names.length >= parts.length);
}

function closed(parts: readonly ('**' | NameMatcher)[], open: Set<number>): Set<number> {
  for (const at of open) {
    if (parts[at] === '**') open.add(at + 1);
  }
  return open;
}
