/** A piece of the user's text for a message: in quotes, without passwords, short enough to read. */
export function quote(text: string): string {
  const redacted = text.replace(/\/\/[^/?#@\s]*@/g, '//***@');
  return redacted.length > maximumLength ? `"${redacted.slice(0, maximumLength)}…"` : `"${redacted}"`;
}

const maximumLength = 80;
