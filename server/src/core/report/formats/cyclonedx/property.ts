/** A property of our own. */
export function property(name: string, value: string): { readonly name: string; readonly value: string } {
  return { name: `pinwatch:${name}`, value };
}
