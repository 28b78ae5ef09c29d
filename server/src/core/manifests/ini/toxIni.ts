import { shortText } from '../shownText.ts';
import { type IniLine, readIni, type ReadIni } from '../../text/ini/readIni.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { pipLineDrafts } from '../reading/pipLine.ts';
import { dynamicDraft, syntaxDrafts } from '../reading/problems.ts';

export const toxFormat: ReadFormat = {
  id: 'tox.ini',
  matches: (path) => /(?:^|\/)tox\.ini$/iu.test(path),
  read: readTox,
};

function readTox(text: string): readonly Draft[] {
  const ini = readIni(text);
  return [
    ...syntaxDrafts(ini.faults),
    ...[...ini.sections].flatMap(([section, values]) => {
      const keywords = section === 'tox' ? ['deps', 'requires'] : ['deps'];
      // To configparser capitals and small letters are the same in a key.
      const lines = [...values].flatMap(([key, value]) => (keywords.includes(key.toLowerCase()) ? value.lines : []));
      const [, env] = /^testenv(?::(.*))?$/u.exec(section) ?? [];
      const scope = `env:${section.startsWith('testenv') ? (env ?? 'testenv') : section}`;
      return lines.flatMap((line) => lineDrafts(line, scope, ini));
    }),
  ];
}

/** Factors before a colon: `py38,py39: mock`. What follows is a line of pip. */
const condition = /^\s*([A-Za-z0-9_{}!.,\s-]+?):\s+(?=\S)|^\s*([a-z0-9_{}!.,-]+):(?=[A-Za-z-]+)(?!\/\/)/u;
const address = /^\s*(?:https?|git\+\w+|file|hg\+\w+|svn\+\w+|bzr\+\w+):/u;

function lineDrafts({ text, span }: IniLine, scope: string, ini: ReadIni): readonly Draft[] {
  const plain = text.replace(/(?:^|\s)#.*$/su, '');
  const found = address.test(plain) ? null : condition.exec(plain);
  const head = found?.[0] ?? '';
  const isCondition = found !== null && head.split('{').length === head.split('}').length;
  const from = isCondition ? head.length : 0;
  const rest = plain.slice(from);
  const start = from + (rest.length - rest.trimStart().length);
  const body = rest.trim();
  if (body === '') return [];
  const place = { start: span.start + start, end: span.start + start + body.length };
  if (/[{]/u.test(body.replace(/\{(?:toxinidir|tox_root|\/)\}/gu, ''))) {
    return isReadElsewhere(body, ini)
      ? []
      : [dynamicDraft(place, body, scope, `"${shortText(body)}" is filled in by tox: only a run of it knows.`)];
  }
  const source = { text: body, pieces: [{ start: 0, from: place.start, to: place.end, verbatim: true }] };
  const when = found?.[1] ?? found?.[2];
  return pipLineDrafts(source, scope, isCondition && when !== undefined ? { when } : {}).map(inFolder);
}

/** `{[base]deps}`: the list of another section, which is read there. */
function isReadElsewhere(body: string, { sections }: ReadIni): boolean {
  const [, section, key] = /^\{\[([^\]]+)\](\w+)\}$/u.exec(body) ?? [];
  return section !== undefined && key === 'deps' && sections.get(section)?.has(key) === true;
}

/** `{toxinidir}/a.txt` is beside the file. */
function inFolder(draft: Draft): Draft {
  const { content } = draft;
  if (content?.kind !== 'include' && content?.kind !== 'constraint') return draft;
  const text = content.target.text.replace(/^\{(?:toxinidir|tox_root)\}(?:\/|\{\/\})?/u, '').replaceAll('{/}', '/');
  return { ...draft, content: { ...content, target: { ...content.target, text } } };
}
