/** Where an entry of a TOML file begins, with the comments right above it: they are about it. */
export function startWithComments(text: string, start: number): number {
  let at = text.lastIndexOf('\n', start - 1) + 1;
  for (let above = at; at > 0; at = above) {
    above = text.lastIndexOf('\n', at - 2) + 1;
    if (!/^[ \t]*#/.test(text.slice(above, at))) break;
  }
  return at;
}
