/**
 * Whether a requirement in a part of a file is among those that were chosen. `main` is what the project itself needs, with all
 * that stands in no part; `dev` is every group, `optional` every extra; else the part as it is called, or its name alone.
 * Constraints and overrides ask for nothing by themselves, and always hold.
 */
export function isChosenScope(scope: string | undefined, choice: ReadonlySet<string>): boolean {
  const [kind = '', ...rest] = (scope ?? '').split(':');
  if (kind === 'constraint' || kind === 'override') return true;
  const names = namesOf(scope, kind, rest.join(':'));
  return names.some((name) => choice.has(name));
}

function namesOf(scope: string | undefined, kind: string, name: string): readonly string[] {
  if (scope === undefined) return ['main'];
  const own = name === '' ? [scope] : [scope, name];
  switch (kind) {
    case 'group':
      return ['dev', ...own];
    case 'optional':
      return ['optional', ...own];
    case 'build':
    case 'env':
    case 'hook':
      return own;
    default:
      return ['main', ...own];
  }
}

/** The words of the choice that no part of these is called by. */
export function unknownScopes(scopes: Iterable<string | undefined>, choice: ReadonlySet<string>): readonly string[] {
  const left = new Set(choice);
  for (const scope of scopes) {
    for (const word of left) {
      if (isNamed(scope, word)) left.delete(word);
    }
  }
  return [...left].filter((word) => !everywhere.has(word));
}

/** A project need not have any of these. */
const everywhere: ReadonlySet<string> = new Set(['main', 'dev', 'optional', 'build']);

function isNamed(scope: string | undefined, word: string): boolean {
  const at = (scope ?? '').indexOf(':');
  return scope === word || (at >= 0 && scope?.slice(at + 1) === word);
}
