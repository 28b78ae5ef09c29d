import { sliceSource, type SourceText, spanOf } from '../../text/sourceText.ts';
import type { Draft, ItemFacts } from '../reading/draft.ts';
import { pipLineDrafts } from '../reading/pipLine.ts';
import { dynamicDraft } from '../reading/problems.ts';
import { shortText } from '../shownText.ts';

/** A line of `deps` in an ini file: one of pip, perhaps behind a condition. `isReadElsewhere` knows the sections with such a list. */
export function factorLineDrafts(
  source: SourceText,
  scope: string,
  isReadElsewhere: (section: string) => boolean,
): readonly Draft[] {
  const { rest, when } = behindCondition(source);
  const [, section, key] = /^\{\[([^\]]+)\](\w+)\}$/u.exec(withoutComment(rest.text).trim()) ?? [];
  // `{[base]deps}`: the list of another section, which is read there.
  if (section !== undefined && key === 'deps' && isReadElsewhere(section)) return [];
  return toxLineDrafts(rest, scope, when === undefined ? {} : { when });
}

/** A line without the factors that it is for. */
export function behindCondition(source: SourceText): { readonly rest: SourceText; readonly when: string | undefined } {
  const plain = withoutComment(source.text);
  const found = address.test(plain) ? null : condition.exec(plain);
  const head = found?.[0] ?? '';
  const isCondition = found !== null && head.split('{').length === head.split('}').length;
  return {
    rest: sliceSource(source, isCondition ? head.length : 0, source.text.length),
    when: isCondition ? (found[1] ?? found[2]) : undefined,
  };
}

/** Factors before a colon: `py38,py39: mock`. What follows is a line of pip. */
const condition = /^\s*([A-Za-z0-9_{}!.,\s-]+?):\s+(?=\S)|^\s*([a-z0-9_{}!.,-]+):(?=[A-Za-z-]+)(?!\/\/)/u;
const address = /^\s*(?:https?|git\+\w+|file|hg\+\w+|svn\+\w+|bzr\+\w+):/u;

/** A line of `deps` without a condition. */
export function toxLineDrafts(line: SourceText, scope: string, more: Partial<ItemFacts> = {}): readonly Draft[] {
  const plain = withoutComment(line.text);
  const body = plain.trim();
  if (body === '') return [];
  const start = plain.length - plain.trimStart().length;
  const source = sliceSource(line, start, start + body.length);
  if (/[{]/u.test(body.replace(/\{(?:toxinidir|tox_root|\/)\}/gu, ''))) {
    const message = `"${shortText(body)}" is filled in by tox: only a run of it knows.`;
    return [dynamicDraft(spanOf(source, 0, body.length), body, scope, message)];
  }
  return pipLineDrafts(source, scope, more).map((draft) => inFolder(withCondition(draft, more.when)));
}

function withoutComment(text: string): string {
  return text.replace(/(?:^|\s)#.*$/su, '');
}

export function withCondition(draft: Draft, when: string | undefined): Draft {
  const { content } = draft;
  return content?.kind !== 'index' || when === undefined ? draft : { ...draft, content: { ...content, when } };
}

/** `{toxinidir}/a.txt` is beside the file. */
export function inFolder(draft: Draft): Draft {
  const { content } = draft;
  if (content?.kind !== 'include' && content?.kind !== 'constraint') return draft;
  const text = content.target.text.replace(/^\{(?:toxinidir|tox_root)\}(?:\/|\{\/\})?/u, '').replaceAll('{/}', '/');
  return { ...draft, content: { ...content, target: { ...content.target, text } } };
}
