import type { CodeAction } from 'vscode-languageserver-types';
import type { Settings } from '../../../../protocol/settings.ts';
import { isLockCommand, type TerminalText } from '../../../../protocol/messages/terminalText.ts';
import { kindOfNamed } from '../../core/manifests/manifestKinds.ts';
import type { LineState } from '../../project/workspace/lineState.ts';
import { comingOf } from '../coming.ts';
import { lastAssessed } from '../findings.ts';

/**
 * One action that types the command into a terminal by which a lock gets other versions of the vulnerable packages that come
 * with a requirement, or of the one that stands in the lock itself. It is a person who runs it.
 */
export function lockActions(
  uri: string,
  line: LineState,
  minimumSeverity: Settings['minimumSeverity'],
  command: string,
): readonly CodeAction[] {
  const made = lockCommand(line, minimumSeverity);
  if (made === undefined) return [];
  const title = `Type in a terminal: ${made}`;
  const text: TerminalText = { uri: line.comes?.uri ?? uri, text: made };
  return [{ title, kind: 'quickfix', command: { title, command, arguments: [text] } }];
}

/** What raises all of them at once; `undefined` where nothing vulnerable comes, or no command of ours makes the lock. */
export function lockCommand(
  { comes, requirement, state }: LineState,
  minimumSeverity: Settings['minimumSeverity'],
): string | undefined {
  if (comes === undefined) {
    const isVulnerable = (lastAssessed({ requirement, state })?.findings.length ?? 0) > 0;
    return isVulnerable ? runnable(requirement.requiredBy?.again) : undefined;
  }
  const names = comingOf(comes, minimumSeverity).vulnerable.map(({ line }) => line.requirement.normalizedName);
  const [first, ...others] = names.slice(0, mostNamed);
  const { kind, source } = comes.source;
  return first === undefined || kind !== 'lock'
    ? undefined
    : runnable(kindOfNamed(source).lockAgain?.(first, ...others));
}

// A line of a terminal; what is left shows when the lock is another one.
const mostNamed = 20;

/** Other kinds say in words what to do. */
function runnable(again: string | undefined): string | undefined {
  return again !== undefined && isLockCommand(again) ? again : undefined;
}
