import { readFileSync } from 'node:fs';
import path from 'node:path';

const file = 'node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';

/** The published schema of SARIF 2.1.0. It is draft 4, of which Ajv reads all but the name of the id. */
export function sarifSchema(): object {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../..', file), 'utf8');
  const { id, ...schema } = JSON.parse(text) as { readonly id: string };
  return { ...schema, $schema: undefined, $id: id };
}
