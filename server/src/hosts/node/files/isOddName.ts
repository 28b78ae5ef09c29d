/**
 * Whether a name has a byte in it, as Node shows it, that is not UTF-8: there is nothing under the name that Node gives, and
 * what is there cannot be opened.
 */
export function isOddName(file: string): boolean {
  return file.includes('\uFFFD');
}
