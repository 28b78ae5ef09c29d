import { rangeOf } from '../server/src/core/manifests/places.ts';
import { parseArgs } from 'node:util';
import { applyEdits } from '../server/src/core/manifests/pip/edit/applyEdits.ts';
import type { RequirementsFile } from '../server/src/core/manifests/pip/model.ts';
import { parseFile } from '../server/src/core/manifests/pip/parse/parseFile.ts';

/**
 * Random texts for the parser, from a seed: it must not throw, every span must lie in the text, and every 8th text, edited
 * at random, must read as if it were new. `node tools/fuzz.ts --inputs 1000000 --seed 1`; ends with 1 at the first fault.
 */
function fuzz(): boolean {
  const { values } = parseArgs({
    options: { inputs: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  });
  const inputs = Number(values.inputs);
  const random = seeded(Number(values.seed));
  const start = performance.now();
  for (let index = 0; index < inputs; index++) {
    const text = randomText(random);
    const edit = { start: 0, end: 0, text: '' };
    try {
      const file = parseFile(text);
      checkSpans(file);
      if (index % 8 === 0) {
        edit.start = below(random, text.length + 1);
        edit.end = edit.start + below(random, Math.min(12, text.length - edit.start + 1));
        edit.text = randomText(random).slice(0, below(random, 12));
        checkEdit(file, edit);
      }
    } catch (error) {
      console.error(`input ${index} of seed ${values.seed}: ${JSON.stringify(text)} edit ${JSON.stringify(edit)}`);
      console.error(error);
      return false;
    }
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(`${inputs} inputs of seed ${values.seed}: no fault, ${seconds.toFixed(0)} s`);
  return true;
}

function checkSpans(file: RequirementsFile): void {
  file.items.forEach((item, index) => {
    const start = file.starts[index] ?? NaN;
    for (const span of spansIn(item)) {
      if (!(span.start >= 0 && span.start <= span.end && start + span.end <= file.text.length)) {
        throw new Error(`span ${span.start}-${span.end} of item ${index} lies outside of the text`);
      }
      const range = rangeOf(file, index, span);
      if (range.start.line > range.end.line) {
        throw new Error(`range of item ${index} ends before it begins`);
      }
    }
  });
}

interface SpanLike {
  readonly start: number;
  readonly end: number;
}

/** Every object with a numeric start and end, at any depth. */
function* spansIn(value: unknown): Generator<SpanLike> {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  const { start, end } = value as Partial<SpanLike>;
  if (typeof start === 'number' && typeof end === 'number') {
    yield { start, end };
  }
  for (const part of Object.values(value)) {
    yield* spansIn(part);
  }
}

function checkEdit(
  file: RequirementsFile,
  edit: { readonly start: number; readonly end: number; readonly text: string },
): void {
  const edited = applyEdits(file, [edit]);
  const text = file.text.slice(0, edit.start) + edit.text + file.text.slice(edit.end);
  const fresh = parseFile(text);
  const facts = (one: RequirementsFile): string =>
    JSON.stringify([one.text, one.items, Array.from(one.starts), Array.from(one.lineStarts)]);
  if (facts(edited) !== facts(fresh)) {
    throw new Error('an edit gives something else than a new parse');
  }
}

const pieces = [
  ...[
    'django',
    'Flask_SQLAlchemy',
    'a.b',
    'x',
    'é',
    '😀',
    'requests',
    '-',
    '_',
    '.',
    '0',
    '1.0',
    '2!1.0rc1.post2.dev3+ab',
  ],
  ...[
    '==',
    '>=',
    '<=',
    '<',
    '>',
    '~=',
    '!=',
    '===',
    '=',
    ',',
    '.*',
    '*',
    '(',
    ')',
    '[',
    ']',
    '[x,y]',
    ';',
    ' ; ',
    '@',
    ' @ ',
  ],
  ...[
    ' ',
    '  ',
    '\t',
    '\n',
    '\r\n',
    '\r',
    '\f',
    '\v',
    '\u2028',
    '\u00a0',
    '\ufeff',
    '\0',
    '\\\n',
    ' \\\r\n',
    '\\',
    '#',
    ' # c',
  ],
  ...['python_version', 'extra', 'os_name', ' in ', ' not in ', ' and ', ' or ', '"3.8"', "'linux'", '"', "'"],
  ...['--hash=sha256:', 'abcdef0123', '-r ', '-c', '-e ', '--index-url', '--pre', '--no-binary=:all:', '-i', '--', '-'],
  ...[
    'https://e.org/',
    'git+ssh://git@e.org/a.git',
    '#egg=a',
    '&subdirectory=b',
    'file:///',
    './p',
    '../q.whl',
    'a-1.0-py3-none-any.whl',
  ],
  ...['${A}', '${', '$B', '<<<<<<<', 'import os', '{{ x }}'],
];

function randomText(random: () => number): string {
  let text = '';
  for (let count = below(random, 14); count > 0; count--) {
    text += random() < 0.9 ? (pieces[below(random, pieces.length)] ?? '') : String.fromCharCode(below(random, 0x10000));
  }
  return text;
}

function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

/** mulberry32: the same numbers for the same seed, everywhere. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

process.exitCode = fuzz() ? 0 : 1;
