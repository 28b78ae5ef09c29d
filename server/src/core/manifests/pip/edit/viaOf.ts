import { normalizeName, type PackageName } from '../../../packages/packageName.ts';
import type { Via } from '../../manifest.ts';
import type { RequirementsFile } from '../model.ts';

/**
 * What pip-compile and uv say about the origin of a line: `# via a, b` behind it, or comment lines below it, the first of
 * which begins with `via`.
 */
export function viaOf(file: RequirementsFile, index: number): Via {
  const packages = new Set<PackageName>();
  const sources = new Set<string>();
  const constraints = new Set<string>();
  for (const reason of reasons(file, index)) {
    const constraint = /^-c +(\S+)(?: +\(.*\))?$/.exec(reason)?.[1];
    if (constraint !== undefined) {
      constraints.add(constraint);
      continue;
    }
    const source = /^-r +(?<file>\S+)(?: +\(.*\))?$|^\S+ \((?<project>[^()\s]+)\)$/.exec(reason)?.groups;
    const named = source?.['file'] ?? source?.['project'];
    if (named === '-') continue; // standard input
    if (named !== undefined) sources.add(named);
    else if (/^[A-Za-z0-9][\w.-]*$/.test(reason)) packages.add(normalizeName(reason));
  }
  return {
    packages: [...packages],
    sources: [...sources],
    ...(constraints.size === 0 ? {} : { constraints: [...constraints] }),
  };
}

const longestReasons = 20_000;

function reasons(file: RequirementsFile, index: number): readonly string[] {
  const item = file.items[index];
  if (item === undefined) {
    return [];
  }
  const start = (file.starts[index] ?? 0) + item.span.end;
  const end = Math.min(file.starts[index + 1] ?? file.text.length, start + longestReasons);
  const between = file.text.slice(start, end);
  if (!between.includes('via')) {
    return [];
  }
  const [own = '', ...below] = between.split(/\r\n|[\r\n]/);
  const inline = /^\s*#\s*via\b(.*)$/.exec(own)?.[1];
  const lines = inline === undefined ? commentBlock(below) : [inline];
  return lines
    .flatMap((line) => line.split(','))
    .map((reason) => reason.trim())
    .filter((reason) => reason !== '');
}

/** The lines of a comment that begins with `via`; the first line that is no comment ends it. */
function commentBlock(lines: readonly string[]): readonly string[] {
  const comments: string[] = [];
  for (const line of lines) {
    const comment = /^\s*#(.*)$/.exec(line)?.[1]?.trim();
    if (comment === undefined) break;
    const first = comments.length === 0 ? /^via\b(.*)$/.exec(comment)?.[1] : comment;
    if (first === undefined) break;
    comments.push(first);
  }
  return comments;
}
