import { TomlTime } from '../text/toml/parseToml.ts';
import { licenceRuleIds } from '../packages/licenceIds.ts';
import { parseSpecifier } from '../versions/specifier.ts';
import { untilOf } from '../ignores/until.ts';

/** What a value of `pinwatch.toml` may be: the reader, its problems, the JSON schema and the starter file follow from it. */
export type ConfigShape =
  | { readonly kind: 'text'; readonly about?: string; readonly wrong?: (text: string) => string | undefined }
  | { readonly kind: 'day'; readonly about?: string }
  | { readonly kind: 'choice'; readonly about?: string; readonly choices: readonly string[] }
  | { readonly kind: 'number'; readonly about?: string; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'truth'; readonly about?: string }
  | { readonly kind: 'list'; readonly about?: string; readonly of: ConfigShape; readonly most?: number }
  /** A table, or in its place a text where that is enough. */
  | { readonly kind: 'textOrTable'; readonly about?: string; readonly text: TextShape; readonly table: TableShape }
  | TableShape;

export type TextShape = Extract<ConfigShape, { kind: 'text' }>;

export interface TableShape {
  readonly kind: 'table';
  readonly about?: string;
  readonly keys: Readonly<Record<string, ConfigShape>>;
  /** One of these has to be there. */
  readonly needs?: readonly string[];
}

export const failOnLevels = ['none', 'low', 'medium', 'high', 'critical', 'any'] as const;
export type FailOn = (typeof failOnLevels)[number];

export const strictness = ['off', 'warning', 'error'] as const;
export type Strictness = (typeof strictness)[number];

const levels = ['error', 'warning', 'information', 'hint'] as const;

const filled: TextShape = {
  kind: 'text',
  wrong: (text) => (text.trim() === '' ? 'a text that is not empty' : undefined),
};
const level: ConfigShape = { kind: 'choice', choices: levels, about: 'Only "error" counts for the exit code.' };
const reason: ConfigShape = { kind: 'text', about: 'Shown with the finding.' };
// Each is compared with every file.
const globs = (about: string): ConfigShape => ({ kind: 'list', of: filled, about, most: 200 });
const names = (about: string): ConfigShape => ({ kind: 'list', of: filled, about });
const specifier: TextShape = {
  kind: 'text',
  about: 'A PEP 440 specifier, as "<2"; every version where absent.',
  wrong: (text) => (parseSpecifier(text) === undefined ? 'a PEP 440 specifier such as "<2"' : undefined),
};
const packageRule: ConfigShape = {
  kind: 'textOrTable',
  text: {
    kind: 'text',
    about: 'A name, * for any run of characters, with a specifier where wanted: "urllib3 <2".',
    wrong: (text) =>
      ruleOfText(text) === undefined ? 'a name, with a specifier where wanted ("urllib3 <2")' : undefined,
  },
  table: { kind: 'table', needs: ['package'], keys: { package: filled, versions: specifier, level, reason } },
};
const licences = (about: string): ConfigShape => ({
  kind: 'list',
  about,
  of: {
    kind: 'text',
    wrong: (text) => {
      const ids = licenceRuleIds(text);
      return 'wrong' in ids ? `an SPDX id: ${ids.wrong}` : undefined;
    },
  },
});
const status = (about: string): ConfigShape => ({ kind: 'choice', choices: strictness, about });

export const configShape: TableShape = {
  kind: 'table',
  keys: {
    'fail-on': { kind: 'choice', choices: failOnLevels, about: 'Exit code 1 at this severity or above.' },
    include: globs('Globs of further files to read as requirements files.'),
    exclude: globs('Globs of files not to read; they win.'),
    'max-data-age': {
      kind: 'number',
      minimum: 0.001,
      maximum: 36_500,
      about: 'Days. Older advisory data make the scan incomplete.',
    },
    ignore: {
      kind: 'list',
      about: 'Findings to live with. They are shown as ignored and do not count.',
      of: {
        kind: 'table',
        needs: ['id', 'package'],
        keys: {
          id: { ...filled, about: 'An id of the advisory: CVE, GHSA, PYSEC.' },
          package: { ...filled, about: 'Only in this package.' },
          reason,
          until: { kind: 'day', about: 'The ignore ends when this day begins (UTC).' },
        },
      },
    },
    privacy: {
      kind: 'table',
      keys: { 'private-packages': names('Names that are never sent to any service; * for any run of characters.') },
    },
    policy: {
      kind: 'table',
      keys: {
        yanked: status('Releases that were withdrawn from the index (PEP 592).'),
        archived: status('Projects whose authors have ended them (PEP 792).'),
        quarantined: status('Projects that the index holds back as possibly malicious (PEP 792).'),
        packages: {
          kind: 'table',
          keys: {
            allow: { kind: 'list', of: packageRule, about: 'Where given, everything else is not allowed.' },
            deny: { kind: 'list', of: packageRule, about: 'Not allowed, whatever "allow" says.' },
            level,
            reason,
          },
        },
        licenses: {
          kind: 'table',
          keys: {
            allow: licences('SPDX ids. Where given, everything else is not allowed.'),
            deny: licences('Not allowed, whatever "allow" says.'),
            except: names('Packages that this is not about.'),
            level,
          },
        },
      },
    },
    fix: {
      kind: 'table',
      keys: {
        'minimum-release-age-days': {
          kind: 'number',
          minimum: 0,
          maximum: 3_650,
          about: 'No fix leads to a younger release, and a younger release is reported.',
        },
        'allow-major': { kind: 'truth', about: 'Whether a fix may lead to another major version.' },
      },
    },
  },
};

/** "urllib3 <2" → its name and its versions; `undefined` for what is no such text. */
export function ruleOfText(text: string): { readonly package: string; readonly versions?: string } | undefined {
  const [, name, versions = ''] = /^\s*([A-Za-z0-9*](?:[\w.*-]*[A-Za-z0-9*])?)\s*(.*?)\s*$/su.exec(text) ?? [];
  if (name === undefined || (versions !== '' && parseSpecifier(versions) === undefined)) {
    return undefined;
  }
  return versions === '' ? { package: name } : { package: name, versions };
}

/** A day or time of TOML, or a text that has one. */
export function dayOf(value: unknown): string | undefined {
  const text = value instanceof TomlTime ? value.text : value;
  return typeof text === 'string' && untilOf(text) !== undefined ? text : undefined;
}
