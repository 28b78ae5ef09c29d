import { createRequire } from 'node:module';

type Load = (text: string) => unknown;
// It has no types of its own.
const { load } = createRequire(import.meta.url)('js-yaml') as { readonly load: Load };

/** What a YAML text says. */
export function readYaml(text: string): unknown {
  return load(text);
}

/** Every object in it, at any depth. */
export function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (!Array.isArray(value)) {
    yield value as Record<string, unknown>;
  }
  for (const part of Object.values(value)) {
    yield* objectsIn(part);
  }
}
