/** FNV-1a, 64 bits, over UTF-16 units, as 16 hexadecimal digits. It tells things apart; it protects nothing. */
export function fingerprint(...parts: readonly string[]): string {
  let hash = 0xcbf29ce484222325n;
  const text = parts.join('\0');
  for (let at = 0; at < text.length; at++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
