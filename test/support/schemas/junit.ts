/** What CI servers read as JUnit XML: no npm package has a schema, so these are the rules of Jenkins' `junit-10.xsd`. */
interface JunitElement {
  /** Beside those, it may have none. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** What may stand in it, in this order. */
  readonly children: readonly string[];
  readonly hasText: boolean;
}

const verdict: JunitElement = { required: [], optional: ['type', 'message'], children: [], hasText: true };
const output: JunitElement = { required: [], optional: [], children: [], hasText: true };

export const junitElements: Readonly<Record<string, JunitElement>> = {
  testsuites: {
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'disabled', 'errors', 'skipped'],
    children: ['testsuite'],
    hasText: false,
  },
  testsuite: {
    required: ['name', 'tests'],
    optional: ['failures', 'errors', 'skipped', 'time', 'timestamp', 'hostname', 'id', 'package', 'file'],
    children: ['properties', 'testcase', 'system-out', 'system-err'],
    hasText: false,
  },
  properties: { required: [], optional: [], children: ['property'], hasText: false },
  property: { required: ['name', 'value'], optional: [], children: [], hasText: false },
  testcase: {
    required: ['name', 'classname'],
    optional: ['time', 'assertions', 'status', 'file', 'line'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
    hasText: false,
  },
  skipped: verdict,
  error: verdict,
  failure: verdict,
  'system-out': output,
  'system-err': output,
};

/** What is wrong with a document; empty where it is well-formed and follows these rules. */
export function junitFaults(xml: string): readonly string[] {
  const faults: string[] = [];
  const open: { readonly name: string; last: number; text: string }[] = [];
  const body = xml.replace(/^<\?xml[^>]*\?>\s*/u, '');
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(xml)) faults.push('a character that XML has not');
  const parts = body.matchAll(/<(\/?)([a-z-]+)((?:\s+[a-z]+="[^"<]*")*)\s*(\/?)>|([^<]+|<)/gu);
  for (const [part, end, name = '', attributes = '', single, text] of parts) {
    const parent = open.at(-1);
    if (text !== undefined) {
      if (text === '<' || /&(?!(?:amp|lt|gt|quot|#\d+);)/u.test(text)) faults.push(`bare: ${part.slice(0, 40)}`);
      if (text.trim() !== '' && (parent === undefined || junitElements[parent.name]?.hasText !== true)) {
        faults.push(`text in ${parent?.name ?? 'no element'}: ${text.slice(0, 40)}`);
      }
    } else if (end === '/') {
      if (open.pop()?.name !== name) faults.push(`</${name}> ends nothing`);
    } else {
      faults.push(...elementFaults(name, attributes, parent));
      if (single !== '/') open.push({ name, last: 0, text: '' });
    }
  }
  return open.length === 0 ? faults : [...faults, `<${open.at(-1)?.name}> does not end`];
}

function elementFaults(name: string, attributes: string, parent: { name: string; last: number } | undefined): string[] {
  const element = junitElements[name];
  if (element === undefined) {
    return [`<${name}> is no element`];
  }
  const faults: string[] = [];
  const given = [...attributes.matchAll(/([a-z]+)="([^"]*)"/gu)];
  const names = given.map(([, key = '']) => key);
  const isRight = (key: string): boolean => element.required.includes(key) || element.optional.includes(key);
  faults.push(...element.required.filter((key) => !names.includes(key)).map((key) => `<${name}> has no ${key}`));
  faults.push(...names.filter((key) => !isRight(key)).map((key) => `<${name}> cannot have ${key}`));
  for (const [, key = '', value = ''] of given) {
    if (/&(?!(?:amp|lt|gt|quot|#\d+);)/u.test(value)) faults.push(`bare & in ${key}`);
    if (counts.has(key) && name !== 'testcase' && !/^\d+$/u.test(value)) faults.push(`${key} is no number: ${value}`);
    if (key === 'time' && !/^\d+(?:\.\d+)?$/u.test(value)) faults.push(`time is no number: ${value}`);
    if (key === 'timestamp' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/u.test(value)) faults.push(`timestamp: ${value}`);
  }
  if (parent === undefined ? name !== 'testsuites' : junitElements[parent.name]?.children.includes(name) !== true) {
    faults.push(`<${name}> in <${parent?.name ?? ''}>`);
  } else if (parent !== undefined) {
    const at = junitElements[parent.name]?.children.indexOf(name) ?? 0;
    if (at < parent.last) faults.push(`<${name}> comes too late in <${parent.name}>`);
    parent.last = Math.max(parent.last, at);
  }
  return faults;
}

const counts: ReadonlySet<string> = new Set(['tests', 'failures', 'errors', 'skipped', 'disabled']);
