/** A piece of the user's text for a message: in quotes, without what may be secret in a URL, short enough to read. */
export function quote(text: string): string {
  const redacted = text.replace(/\/\/[^/?#@\s]*@/g, '//***@').replace(/(:\/\/[^?#\s]*\?)[^#\s]+/g, '$1***');
  return redacted.length > maximumLength ? `"${redacted.slice(0, maximumLength)}…"` : `"${redacted}"`;
}

const maximumLength = 80;
