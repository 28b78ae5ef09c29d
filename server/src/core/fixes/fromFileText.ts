/** Why what is installed from a URL or path is not fixed, and what to do; `nearest` is the nearest safe version. */
export function fromFileText(nearest: string | undefined): string {
  const what = nearest === undefined ? 'a safe version' : `version ${nearest}`;
  return `It is installed from a file: name a file of ${what}, or require it by version.`;
}
