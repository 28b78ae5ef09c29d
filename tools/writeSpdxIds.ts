import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes the SPDX licence list into `server/src/core/packages/spdxIds.ts`, from the npm packages `spdx-license-ids` and
 * `spdx-exceptions`: `node tools/writeSpdxIds.ts`.
 */
function writeSpdxIds(): void {
  const ids = [...read('spdx-license-ids/index.json'), ...read('spdx-license-ids/deprecated.json')];
  const exceptions = [...read('spdx-exceptions/index.json'), ...read('spdx-exceptions/deprecated.json')];
  const text = `${listOf('licenceIds', 'Ids of the SPDX licence list, the deprecated ones too. Written by `tools/writeSpdxIds.ts`.', ids)}
${listOf('exceptionIds', 'Exceptions of that list, for what stands behind `WITH`.', exceptions)}`;
  writeFileSync(path.join(root, 'server/src/core/packages/spdxIds.ts'), text);
}

const root = path.resolve(import.meta.dirname, '..');

function read(file: string): readonly string[] {
  return JSON.parse(readFileSync(path.join(root, 'node_modules', file), 'utf8')) as string[];
}

function listOf(name: string, comment: string, ids: readonly string[]): string {
  const lines: string[] = [];
  for (const id of [...new Set(ids)].sort()) {
    const longer = lines.length === 0 ? id : `${lines.at(-1)} ${id}`;
    if (lines.length > 0 && longer.length <= 116) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(id);
    }
  }
  return `/** ${comment} */\nexport const ${name} = \`\n${lines.join('\n')}\n\`;\n`;
}

writeSpdxIds();
