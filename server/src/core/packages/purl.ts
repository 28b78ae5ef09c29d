/** The package URL of a release; of the package where there is no version. */
export function pypiPurl(normalizedName: string, version: string | null): string {
  const at = version === null ? '' : `@${purlPart(version)}`;
  return `pkg:pypi/${purlPart(normalizedName)}${at}`;
}

/** The purl specification leaves letters, digits and `.-_~:` as they are, and encodes all else. */
function purlPart(text: string): string {
  return percentEncode(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}

/** As `encodeURIComponent`, which throws at half of a surrogate pair. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\uFFFD'));
}
