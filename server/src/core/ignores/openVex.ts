import { normalizeName } from '../packages/packageName.ts';
import { plainText } from '../text/plainText.ts';
import type { VexJustification, VexStatement } from '../assessment/finding.ts';
import type { Ignore, IgnoreList } from './ignore.ts';

/**
 * What an OpenVEX document calls not affected or fixed, as ignores; of several statements about the same thing the last one
 * counts. An image or a repository as product stands for whatever package has the vulnerability; a package of
 * another ecosystem says nothing. What is wrong
 * with the document, for people, where it is none.
 */
export function decodeOpenVex(path: string, json: unknown): IgnoreList | { readonly wrong: string } {
  const context = field(json, '@context');
  const contexts = Array.isArray(context) ? (context as readonly unknown[]) : [context];
  const statements = field(json, 'statements');
  if (
    !contexts.some((one) => typeof one === 'string' && one.includes('openvex.dev/ns')) ||
    !Array.isArray(statements)
  ) {
    return { wrong: 'it is no OpenVEX document' };
  }
  const ignores = new Map<string, Ignore | undefined>();
  const timed = (statements as readonly unknown[]).map((one, at) => ({
    one,
    at,
    time: timeOf(one),
  }));
  for (const { one } of timed.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.at - b.at))) {
    const status = field(one, 'status');
    const vex = status === 'not_affected' || status === 'fixed' ? statementOf(one, status) : undefined;
    for (const id of idsOf(field(one, 'vulnerability'))) {
      for (const { name, version } of packagesOf(one)) {
        const key = JSON.stringify([id, name, version]);
        // The last one stands where it was said last.
        ignores.delete(key);
        ignores.set(key, vex && ignoreOf({ id, name, version }, vex, reasonOf(one, status)));
      }
    }
  }
  return { path, ignores: [...ignores.values()].filter((one) => one !== undefined), problems: [], isBroken: false };
}

interface Product {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

function ignoreOf({ id, name, version }: Product & { readonly id: string }, vex: VexStatement, reason: string): Ignore {
  return {
    id,
    package: name === undefined ? undefined : normalizeName(name),
    version,
    reason,
    until: undefined,
    vex,
    onlyWhileUnfixed: false,
    range: undefined,
  };
}

/** An id of a vulnerability is its name, or the end of its address. */
function idsOf(vulnerability: unknown): readonly string[] {
  const name = typeof vulnerability === 'string' ? vulnerability : field(vulnerability, 'name');
  const address = field(vulnerability, '@id');
  const aliases = field(vulnerability, 'aliases');
  const own = typeof name === 'string' ? name : typeof address === 'string' ? address.replace(/^.*\//u, '') : undefined;
  return [own, ...(Array.isArray(aliases) ? (aliases as readonly unknown[]) : [])].filter(
    (id): id is string => typeof id === 'string' && /^[\w.:+-]{1,100}$/u.test(id),
  );
}

function packagesOf(statement: unknown): readonly Product[] {
  const products = listOf(statement, 'products').flatMap((one) => [one, ...listOf(one, 'subcomponents')]);
  const purls = products.flatMap((one) => productOf(one) ?? []);
  const isOfOthers = products.length > 0 && products.every(isPackageElsewhere);
  return purls.length > 0 || isOfOthers ? purls : [{ name: undefined, version: undefined }];
}

/** A package of another ecosystem says nothing about Python's. An image may hold any. */
function isPackageElsewhere(product: unknown): boolean {
  const types = textsOf(product).flatMap((text) => /^pkg:([a-z0-9.+-]+)\//iu.exec(text)?.[1]?.toLowerCase() ?? []);
  return types.length > 0 && types.every((type) => !wholes.has(type));
}

const wholes: ReadonlySet<string> = new Set(['pypi', 'oci', 'docker', 'generic', 'github', 'gitlab', 'bitbucket']);

function textsOf(product: unknown): readonly string[] {
  return [product, field(product, '@id'), field(field(product, 'identifiers'), 'purl')].filter(
    (text) => typeof text === 'string',
  );
}

function productOf(product: unknown): Product | undefined {
  for (const text of textsOf(product)) {
    const [, name, version] = /^pkg:pypi\/([^@?#/]+)(?:@([^?#]+))?/iu.exec(text) ?? [];
    if (name !== undefined) {
      const decoded = version === undefined ? undefined : decodeVersion(version);
      return { name, version: decoded };
    }
  }
  return undefined;
}

/** One that is no version is about none that is scanned, and not about all of them. */
function decodeVersion(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function statementOf(statement: unknown, status: VexStatement['status']): VexStatement {
  const impact = field(statement, 'impact_statement');
  const said = field(statement, 'justification');
  const justification = justifications.find((one) => one === said);
  return {
    status,
    ...(justification === undefined ? {} : { justification }),
    ...(typeof impact === 'string' && impact !== '' ? { impact: plainText(impact, 300) } : {}),
  };
}

const justifications: readonly VexJustification[] = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
];

function reasonOf(statement: unknown, status: unknown): string {
  const said = ['justification', 'impact_statement', 'status_notes']
    .map((name) => field(statement, name))
    .filter((one) => typeof one === 'string' && one !== '');
  const text = said.join(': ');
  return plainText(status === 'fixed' ? `fixed${text === '' ? '' : `: ${text}`}` : text || 'not affected', 300);
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = field(value, name);
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function timeOf(statement: unknown): string {
  const time = field(statement, 'timestamp');
  return typeof time === 'string' ? time : '';
}
