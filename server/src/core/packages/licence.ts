/** What the core metadata of a release say of its licence. */
export interface Licence {
  /** SPDX (PEP 639). */
  readonly expression?: string;
  /** Whatever its author wrote, where there is no expression. */
  readonly text?: string;
  /** Without `License :: `. */
  readonly classifiers: readonly string[];
}

// An author may put the whole licence there; its beginning says no more than its name would.
const longest = 300;
const mostClassifiers = 10;

/** Reads the header fields of a METADATA file (core metadata, as mail headers); never fails, finds nothing at worst. */
export function readLicence(metadata: string): Licence {
  let expression: string | undefined;
  let text: string | undefined;
  const classifiers: string[] = [];
  for (const line of headerLines(metadata)) {
    const [, field = '', value = ''] = /^([A-Za-z-]+):[ \t]*(.*)$/u.exec(line) ?? [];
    switch (value === '' ? '' : field.toLowerCase()) {
      case 'license-expression':
        expression ??= cut(value);
        break;
      case 'license':
        text ??= cut(value);
        break;
      case 'classifier':
        if (value.startsWith(prefix) && classifiers.length <= mostClassifiers) {
          classifiers.push(classifiers.length < mostClassifiers ? cut(value.slice(prefix.length)) : cutMark);
        }
    }
  }
  return {
    ...(expression === undefined ? {} : { expression }),
    ...(text === undefined ? {} : { text }),
    classifiers,
  };
}

/** For storage. `undefined` for anything else than what a `Licence` is as JSON. */
export function decodeLicence(json: unknown): Licence | undefined {
  if (typeof json !== 'object' || json === null || !('classifiers' in json) || !Array.isArray(json.classifiers)) {
    return undefined;
  }
  const entries: readonly unknown[] = json.classifiers;
  const classifiers = entries.filter((one) => typeof one === 'string');
  const expression = 'expression' in json ? json.expression : undefined;
  const text = 'text' in json ? json.text : undefined;
  const isText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';
  if (classifiers.length !== entries.length || !isText(expression) || !isText(text)) {
    return undefined;
  }
  return {
    ...(expression === undefined ? {} : { expression }),
    ...(text === undefined ? {} : { text }),
    classifiers,
  };
}

const prefix = 'License :: ';

// No licence has it in its name: what was cut is never taken for a whole that reads otherwise.
const cutMark = '…';

function cut(value: string): string {
  return value.length > longest ? value.slice(0, longest - 1) + cutMark : value;
}

/** Up to the empty line before the description; a line that begins with a space goes on from the one before. */
function headerLines(metadata: string): readonly string[] {
  const end = /\r?\n\r?\n/u.exec(metadata)?.index ?? metadata.length;
  return metadata
    .slice(0, end)
    .replace(/\r?\n[ \t]+/gu, ' ')
    .split(/\r?\n/u)
    .map((line) => line.trimEnd());
}
