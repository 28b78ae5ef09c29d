import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { configSchema } from '../server/src/core/config/configSchema.ts';
import { reportSchema } from '../server/src/core/report/jsonSchema.ts';

/** Writes `schemas/`: that of `pinwatch.toml` and that of the JSON report. `node tools/writeSchemas.ts`; a test compares. */
function writeSchemas(): void {
  mkdirSync(folder, { recursive: true });
  write('pinwatch.schema.json', configSchema());
  write('report.schema.json', reportSchema());
}

const folder = path.resolve(import.meta.dirname, '../schemas');

function write(name: string, schema: object): void {
  writeFileSync(path.join(folder, name), `${JSON.stringify(schema, undefined, 2)}\n`);
}

writeSchemas();
