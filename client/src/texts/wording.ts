import { env, l10n } from 'vscode';
import type { Wording } from './translate.ts';

/** Words and times as VS Code shows them. */
export function editorWording(): Wording {
  return {
    t: (message, ...values) => l10n.t(message, ...values),
    time: (instant) => {
      const date = new Date(instant);
      const isToday = date.toDateString() === new Date().toDateString();
      return isToday
        ? date.toLocaleTimeString(env.language, { timeStyle: 'short' })
        : date.toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' });
    },
  };
}
