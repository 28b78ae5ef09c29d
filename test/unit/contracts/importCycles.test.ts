import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

describe('modules', () => {
  for (const folder of ['server/src', 'client/src', 'protocol', 'test']) {
    it(`of ${folder} do not import each other in a circle, not even for types`, () => {
      assert.deepEqual(cyclesIn(importsIn(path.join(root, folder))), []);
    });
  }
});

function importsIn(folder: string): ReadonlyMap<string, readonly string[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(
    files.map((file) => [
      file,
      [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?\sfrom '(\.[^']+)'/gmu)]
        .map(([, target = '']) => path.join(path.dirname(file), target))
        .filter((target) => files.includes(target)),
    ]),
  );
}

/** One circle for each import that closes one, as paths below the root. */
function cyclesIn(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) {
      cycles.push([...way.slice(at), file].map((one) => path.relative(root, one)).join(' → '));
    } else if (!done.has(file)) {
      imports.get(file)?.forEach((target) => visit(target, [...way, file]));
      done.add(file);
    }
  };
  for (const file of imports.keys()) {
    visit(file, []);
  }
  return cycles;
}
