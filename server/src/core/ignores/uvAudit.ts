import type { PlacedProblem } from '../text/position.ts';
import type { Ignore, IgnoreList } from './ignore.ts';
import type { ParsedToml } from '../text/toml/parseToml.ts';
import { brokenToml, ignoreProblem, tomlDocument } from './tomlDocument.ts';
import { plainText } from '../text/plainText.ts';
import { isTable, otherKeys } from './tomlValue.ts';

const known = ['ignore', 'ignore-until-fixed'];

/** What `[tool.uv.audit]` of a `pyproject.toml` ignores; `undefined` where the file has no such table. */
export function decodeUvAudit(path: string, text: string, toml: ParsedToml): IgnoreList | undefined {
  if (toml.kind === 'error') {
    // A file that says nothing to uv's audit may be as broken as it likes.
    return /\baudit\b/u.test(text)
      ? { path, ignores: [], problems: [brokenToml(path, toml)], isBroken: true }
      : undefined;
  }
  const audit = ['tool', 'uv', 'audit'].reduce<unknown>(
    (table, key) => (isTable(table) && Object.hasOwn(table, key) ? table[key] : undefined),
    toml.value,
  );
  if (!isTable(audit)) {
    return undefined;
  }
  const document = tomlDocument(text);
  const ignores: Ignore[] = [];
  const problems: PlacedProblem[] = [];
  for (const key of otherKeys(audit, known)) {
    const message = `[tool.uv.audit] has no key "${plainText(key, 60)}" that pinwatch knows (there are ${known.join(', ')}); it does nothing.`;
    problems.push(ignoreProblem('ignore.unknown-key', message, document.rangeOf('tool', 'uv', 'audit', key)));
  }
  for (const key of known) {
    const ids = audit[key] ?? [];
    const message = `"${key}" of [tool.uv.audit] should be a list of ids, so it ignores nothing.`;
    if (!Array.isArray(ids)) {
      problems.push(ignoreProblem('ignore.invalid', message, document.rangeOf('tool', 'uv', 'audit', key)));
      continue;
    }
    for (const [index, id] of ids.entries()) {
      const range = document.rangeOf('tool', 'uv', 'audit', key, index);
      if (typeof id !== 'string' || id.trim() === '') {
        problems.push(ignoreProblem('ignore.invalid', 'An id should be a text; this ignores nothing.', range));
        continue;
      }
      ignores.push({
        id: id.trim(),
        package: undefined,
        version: undefined,
        reason: '',
        until: undefined,
        onlyWhileUnfixed: key === 'ignore-until-fixed',
        range,
      });
    }
  }
  return { path, ignores, problems, isBroken: false };
}
