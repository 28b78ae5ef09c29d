/** Whether a problem is about text without effect: it says nothing against what the entry asks for. */
export function isIgnoredText(code: string): boolean {
  return code.startsWith('ignored.');
}
