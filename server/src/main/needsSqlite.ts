/**
 * Whether the command keeps something on this machine, or reads it from there: only then does it need SQLite. A scan that
 * asks the service and keeps nothing runs on any Node.
 */
export function needsSqlite([command = '', ...options]: readonly string[]): boolean {
  switch (command) {
    case 'match':
    case 'db':
    case 'cache':
      return true;
    default:
      return [command, ...options].some((word) => /^--(?:cache-dir|database|offline)(?:=|$)/u.test(word));
  }
}
