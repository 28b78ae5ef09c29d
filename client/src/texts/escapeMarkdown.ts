/** Foreign text for a Markdown tooltip on one line: shown as it was written, never as markup, a link or a theme icon. */
export function escapeMarkdown(text: string, maxLength = 300): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const short = line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
  return short
    .replace(/[\\`*_{}[\]()#+\-.!|<>~$:@&]/gu, (character) => entities[character] ?? `\\${character}`)
    .replace(/\b(https?|www)(?=\\[:.])/giu, '$1\u2060');
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };
