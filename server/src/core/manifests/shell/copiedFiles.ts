import type { Instruction } from './dockerInstructions.ts';

/**
 * Where a file of an image comes from, as far as its Dockerfile says so: what COPY and ADD take, and what is mounted. What nothing is
 * said of is where it is called.
 */
export function copiedFiles(text: string, instructions: readonly Instruction[]): (target: string) => string {
  const copies = [...instructions.flatMap((one) => copiesOf(text, one)), ...mountsIn(text)];
  const byName = new Map([
    ...copies.map(({ from }) => [nameOf(from), from] as const),
    // `COPY docs/requirements.txt /tmp/docs.txt` gives it another name.
    ...copies.flatMap(({ from, to }) => (isFile(from) && isFile(to) ? [[nameOf(to), from] as const] : [])),
  ]);
  const folders = copies.filter(({ from }) => /^(?:\.?\/?|.*\/)$/u.test(from) || !nameOf(from).includes('.'));
  return (target) => {
    const known = byName.get(nameOf(target));
    if (known !== undefined) return known;
    for (const { from, to } of folders.slice(0, mostFolders)) {
      const below = `${to.replace(/\/$/u, '')}/`;
      if (to.startsWith('/') && target.startsWith(below)) {
        return `${from.replace(/\/?$/u, '/')}${target.slice(below.length)}`.replace(/^\.?\/+/u, '');
      }
    }
    return target;
  };
}

interface Copy {
  readonly from: string;
  readonly to: string;
}

// People copy a few.
const mostFolders = 100;

function copiesOf(text: string, { word, body, end }: Instruction): readonly Copy[] {
  if ((word !== 'COPY' && word !== 'ADD') || end - body > longest) return [];
  // What another stage has is in no folder of the project.
  if (/--from=/u.test(text.slice(text.lastIndexOf('\n', body - 1) + 1, body))) return [];
  const written = text.slice(body, end).replace(/^\[|\]\s*$|[",]|[\\`](?=\s*$)/gmu, ' ');
  const words = written.trim().split(/\s+/u);
  const to = words.pop() ?? '';
  return words.map((from) => ({ from, to }));
}

const longest = 20_000;

/** `RUN --mount=type=bind,source=a.txt,target=/b.txt`. */
function mountsIn(text: string): readonly Copy[] {
  return [...text.matchAll(/--mount=(\S{1,2000})/gu)].flatMap(([, options = '']) => {
    const facts = new Map(options.split(',').map((one) => [one.replace(/=.*$/su, ''), one.replace(/^[^=]*=?/su, '')]));
    const from = facts.get('source') ?? facts.get('src');
    const to = facts.get('target') ?? facts.get('dst') ?? facts.get('destination');
    return from === undefined || to === undefined || facts.has('from') ? [] : [{ from, to }];
  });
}

function isFile(path: string): boolean {
  return /[^.]\.[^.]+$/u.test(nameOf(path));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
