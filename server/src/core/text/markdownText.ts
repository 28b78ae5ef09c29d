import { plainText } from './plainText.ts';

/**
 * Foreign text for Markdown: every character that could open a link, an image, HTML, a code span, a heading, a
 * table cell or emphasis is escaped, so that the reader sees what was written and nothing else happens.
 */
export function escapeMarkdown(text: string, maxLength = 300): string {
  return plainText(text, maxLength)
    .replace(/[\\`*_{}[\]()#+\-.!|<>~$:@&]/gu, (character) => {
      switch (character) {
        case '<':
          return '&lt;';
        case '>':
          return '&gt;';
        case '&':
          return '&amp;';
        default:
          return `\\${character}`;
      }
    })
    .replace(/\b(https?|www)(?=\\[:.])/giu, (scheme) => `${scheme}\u2060`);
}

/** A link whose text is escaped and whose target is https; only the text where the target is anything else. */
export function link(text: string, url: string): string {
  const target = httpsUrl(url);
  return target === undefined ? escapeMarkdown(text) : `[${escapeMarkdown(text)}](${target})`;
}

/** The address, fit to stand between Markdown's parentheses; `undefined` where it is not plain https. */
function httpsUrl(url: string): string | undefined {
  return /^https:\/\/[a-z0-9.-]+(:\d+)?(\/[A-Za-z0-9._~!$&*+,;=:@%/?#-]*)?$/u.test(url) && url.length <= 500
    ? url
    : undefined;
}

/** A link that runs a command of the editor; only for clients that allow it. */
export function commandLink(text: string, command: string, ...args: readonly string[]): string {
  const query = encodeURIComponent(JSON.stringify(args)).replace(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `[${escapeMarkdown(text)}](command:${command}${args.length === 0 ? '' : `?${query}`})`;
}
