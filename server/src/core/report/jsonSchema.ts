import { policyCodes } from '../assessment/policyFinding.ts';

/** The JSON schema of the JSON report, version 1. Later minor versions add keys, so that unknown ones are allowed. */
export function reportSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'JSON report of Pinwatch, version 1',
    ...object(
      {
        schemaVersion: { const: 1 },
        tool: object({ name: text, version: text }),
        source: object(
          { kind: { enum: ['osv', 'database'] } },
          { url: text, dataAge: count, dataAgeDays: { type: 'number', minimum: 0 } },
        ),
        headline: text,
        complete: truth,
        files: list(
          object(
            { path: text, requirements: list(requirement()), problems: list(problem) },
            { repositoryPath: text, kind: text },
          ),
        ),
        summary: object(
          {
            files: count,
            requirements: count,
            assessed: count,
            skipped: count,
            failed: count,
            vulnerable: count,
            possiblyVulnerable: count,
            findings: count,
            ignored: count,
            policy: count,
          },
          { known: count },
        ),
        statistics: object(
          {
            requests: object({ querybatch: count, query: count, vulns: count }),
            retries: count,
            cache: object({ hits: count, misses: count, hitRate: { type: 'number', minimum: 0, maximum: 1 } }),
            durationMs: count,
          },
          { timings: { type: 'object', additionalProperties: count } },
        ),
      },
      {
        scanId: text,
        unread: list(text),
        unjudged: list(text),
        unknownScopes: list(text),
        skippedPaths: list(object({ path: text, reason: text })),
        leftOut: { type: 'object', additionalProperties: count },
      },
    ),
  };
}

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const truth = { type: 'boolean' };
const known = { const: true };
const count = { type: 'integer', minimum: 0 };
const place = { type: 'integer', minimum: 1 };
const places = { line: place, column: place, endLine: place, endColumn: place };
const problem = object({ ...places, message: text, code: text });

function requirement(): object {
  return object(
    {
      name: text,
      normalizedName: text,
      ...places,
      specifier: text,
      version: textOrNull,
      outcome: { enum: ['assessed', 'skipped', 'failed'] },
      reason: textOrNull,
      verdict: { enum: ['clean', 'vulnerable', 'possiblyVulnerable', null] },
      findings: list(finding()),
      policy: list(
        object(
          {
            code: { enum: Object.keys(policyCodes) },
            message: text,
            level: { enum: ['error', 'warning', 'information', 'hint'] },
          },
          { license: text, known },
        ),
      ),
    },
    {
      scope: text,
      via: list(text),
      chain: list(text),
      outOfDate: object({ source: text, versions: list(text) }),
      places: list(object({ path: text, ...places })),
      raise: object(
        { kind: { enum: ['none', 'raise', 'barred', 'unknown'] }, text },
        { name: text, version: text, allows: text, reason: text },
      ),
    },
  );
}

function finding(): object {
  return object(
    {
      id: text,
      aliases: list(text),
      records: list(text),
      severity: { enum: ['none', 'low', 'medium', 'high', 'critical', 'unknown', 'malicious'] },
      score: { type: ['number', 'null'] },
      vector: textOrNull,
      summary: text,
      fixedVersions: list(text),
      nearestFix: textOrNull,
      url: text,
      ignored: { anyOf: [{ type: 'null' }, object({ reason: text, until: textOrNull })] },
    },
    { barred: text, known },
  );
}

/** Every key of `properties` has to be there; those of `more` may be. */
function object(properties: Readonly<Record<string, object>>, more: Readonly<Record<string, object>> = {}): object {
  return { type: 'object', required: Object.keys(properties), properties: { ...properties, ...more } };
}

function list(items: object): object {
  return { type: 'array', items };
}
