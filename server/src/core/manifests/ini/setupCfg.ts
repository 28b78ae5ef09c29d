import { normalizeName } from '../../packages/packageName.ts';
import { shortText } from '../shownText.ts';
import { type IniLine, type IniValue, readIni } from '../../text/ini/readIni.ts';
import { joinSources, type SourceText, spanOf } from '../../text/sourceText.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { withoutOwnExtras } from '../reading/ownExtras.ts';
import { requirementDraft } from '../reading/pep508Draft.ts';
import { dynamicDraft, problemDraft, syntaxDrafts } from '../reading/problems.ts';

export const setupCfgFormat: ReadFormat = {
  id: 'setup.cfg',
  matches: (path) => /(?:^|\/)setup\.cfg$/iu.test(path),
  read: readSetupCfg,
};

function readSetupCfg(text: string): readonly Draft[] {
  const { sections, faults } = readIni(text);
  const options = [...(sections.get('options') ?? [])];
  const valuesOf = (keyword: string, scope: string): readonly Draft[] =>
    options.flatMap(([key, value]) => (keywordOf(key) === keyword ? valueDrafts(value, scope) : []));
  const drafts = [
    ...syntaxDrafts(faults),
    ...valuesOf('install_requires', 'dependencies'),
    ...valuesOf('setup_requires', 'build'),
    ...valuesOf('tests_require', 'group:test'),
    ...[...(sections.get('options.extras_require') ?? [])].flatMap(([extra, value]) =>
      valueDrafts(value, `optional:${extra}`),
    ),
  ];
  const name = sections.get('metadata')?.get('name')?.lines[0]?.text;
  return withoutOwnExtras(drafts, name === undefined ? undefined : normalizeName(name));
}

/** setuptools takes `install-requires` for `install_requires`, and newer ones take capitals for small letters. */
function keywordOf(key: string): string {
  return key.toLowerCase().replaceAll('-', '_');
}

function valueDrafts(value: IniValue | undefined, scope: string): readonly Draft[] {
  const [first] = value?.lines ?? [];
  if (value === undefined || first === undefined) return [];
  const directive = /^(file|attr):\s*/u.exec(first.text);
  if (directive !== null) {
    return directive[1] === 'file' ? fileDrafts(value, scope) : [attrDraft(first, scope)];
  }
  return requirementsIn(value).map((source) => {
    const span = spanOf(source, 0, source.text.length);
    return source.text.startsWith('//')
      ? problemDraft(span, 'requirement', 'This is half an address: the key ends at its colon.')
      : requirementDraft(source, span, scope);
  });
}

function attrDraft({ text, span }: IniLine, scope: string): Draft {
  return dynamicDraft(span, text, scope, `"${shortText(text)}" is what Python code says: only a run of it knows.`);
}

/** `file: a.txt, b.txt`: what setuptools reads there is a requirements file. */
function fileDrafts({ lines }: IniValue, scope: string): readonly Draft[] {
  return lines.flatMap(({ text, span }, index) =>
    [...text.matchAll(/[^,\s]+/gu)].flatMap(({ 0: name, index: at }): readonly Draft[] => {
      const from = span.start + at;
      const place = { start: from, end: from + name.length };
      if (index > 0 || !name.startsWith('file:')) return [fileDraft(name, place, scope)];
      const keyword = { start: from, end: from + 'file:'.length };
      const first = fileDraft(name.slice('file:'.length), { start: keyword.end, end: place.end }, scope);
      return [noteDraft(keyword), ...(keyword.end === place.end ? [] : [first])];
    }),
  );
}

/** `pinwatch parse` says that the list is not here. */
function noteDraft(span: Draft['span']): Draft {
  return { span, note: { code: 'dynamic', message: 'The requirements are in another file.' } };
}

function fileDraft(name: string, span: Draft['span'], scope: string): Draft {
  return {
    span,
    content: { kind: 'include', text: name, target: { text: name, span } },
    item: { k: 'include', scope, location: name },
  };
}

/** Of several lines each is one; of a single line what is between semicolons. A backslash joins a line with the next. */
function requirementsIn({ lines, isDangling }: IniValue): readonly SourceText[] {
  const pieces = isDangling ? lines : lines.flatMap(betweenSemicolons);
  const found: SourceText[] = [];
  const held: SourceText[] = [];
  for (const { text, span } of pieces) {
    const comment = text.indexOf(' #');
    const content = (comment < 0 ? text : text.slice(0, comment)).trimEnd();
    if (content === '' || content.startsWith('#')) continue;
    const isJoined = content.endsWith('\\');
    const kept = isJoined ? content.slice(0, -2).trimEnd() : content;
    const piece: SourceText = {
      text: kept,
      pieces: [{ start: 0, from: span.start, to: span.start + kept.length, verbatim: true }],
    };
    held.push(piece);
    if (!isJoined) found.push(joinSources(held.splice(0)));
  }
  if (held.length > 0) found.push(joinSources(held));
  return found;
}

function betweenSemicolons({ text, span }: IniLine): readonly IniLine[] {
  return [...text.matchAll(/[^;]+/gu)].map(({ 0: part, index }) => {
    const start = span.start + index + (part.length - part.trimStart().length);
    const content = part.trim();
    return { text: content, span: { start, end: start + content.length } };
  });
}
