import { normalizeName } from '../../core/packages/packageName.ts';
import { parseVersion } from '../../core/versions/version.ts';
import type { AdvisoryDatabase } from '../../engine/offline/advisoryDatabase.ts';
import { exitCodes } from '../exitCodes.ts';
import type { CliIo } from '../io.ts';
import { answerJsonLines } from '../jsonLines.ts';

/** `pinwatch match --jsonl`: `{"name","version"?}` a line in, the ids of the advisories that affect it out. */
export async function runMatchLines(folder: string | undefined, io: CliIo): Promise<number> {
  const database = io.databases.open(folder ?? io.databases.defaultFolder);
  try {
    await answerJsonLines(io, (request) => matchRequest(database, request));
    return exitCodes.clean;
  } finally {
    database.close();
  }
}

function matchRequest(database: AdvisoryDatabase, request: unknown): object {
  const { name, version } = fieldsOf(request);
  const asked = { ...(name === undefined ? {} : { name }), ...(version === undefined ? {} : { version }) };
  if (typeof name !== 'string') {
    return { ...asked, error: 'A line should be an object with "name" and "version".' };
  }
  const normalized = normalizeName(name);
  if (version === undefined || version === null) {
    return { ...asked, ids: database.advisoriesOf(normalized).map(({ id }) => id) };
  }
  const parsed = typeof version === 'string' ? parseVersion(version) : undefined;
  return parsed === undefined
    ? { ...asked, error: `${JSON.stringify(version)} is not a PEP 440 version.` }
    : { ...asked, ids: database.advisoriesAffecting(normalized, parsed).map(({ id }) => id) };
}

function fieldsOf(request: unknown): { readonly name?: unknown; readonly version?: unknown } {
  return typeof request === 'object' && request !== null && !Array.isArray(request) ? request : {};
}
