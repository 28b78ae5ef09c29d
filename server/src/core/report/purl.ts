/** The package URL of a release; of the package where there is no version. */
export function pypiPurl(normalizedName: string, version: string | null): string {
  const at = version === null ? '' : `@${percentEncode(version)}`;
  return `pkg:pypi/${percentEncode(normalizedName)}${at}`;
}

/** As `encodeURIComponent`, which throws at half of a surrogate pair. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\uFFFD'));
}
