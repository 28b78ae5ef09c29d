/** What the metadata of an installed package say (`METADATA`, or `PKG-INFO` of older ones). */
export interface CoreMetadata {
  readonly name: string;
  readonly version: string;
  /** Requirements of PEP 508. */
  readonly requires: readonly string[];
}

/** Reads the headers; `undefined` where name or version are missing, or where more is required than is read. */
export function readCoreMetadata(text: string): CoreMetadata | undefined {
  const headers = text.split(/\r?\n\r?\n/u, 1)[0] ?? '';
  let name: string | undefined;
  let version: string | undefined;
  const requires: string[] = [];
  for (const [, key = '', value = ''] of headers.matchAll(/^(Name|Version|Requires-Dist):[ \t]*(.*?)[ \t\r]*$/gimu)) {
    const known = key.toLowerCase();
    if (known === 'name') name ??= value;
    else if (known === 'version') version ??= value;
    else if (requires.push(value) > mostRequired) return undefined;
  }
  return name === undefined || version === undefined || name === '' ? undefined : { name, version, requires };
}

// Packages with many extras have a few hundred.
const mostRequired = 2_000;
