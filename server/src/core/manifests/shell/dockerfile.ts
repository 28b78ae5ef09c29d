import { readJson } from '../../text/json/readJson.ts';
import { itemsOf, sourceOf, type TextNode } from '../../text/tree/tree.ts';
import type { SourceText } from '../../text/sourceText.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { copiedFiles } from './copiedFiles.ts';
import { instructionsOf, type Instruction } from './dockerInstructions.ts';
import { mentionsPip, pipInstalls, unclosedDraft } from '../reading/commands/pipInstalls.ts';
import { shellCommands, type ShellWord } from '../reading/commands/shellWords.ts';

export const dockerfileFormat: ReadFormat = {
  id: 'Dockerfile',
  matches: (path) =>
    /(?:^|\/)(?:(?:dockerfile|containerfile)(?:\.[^/]+)?|[^/]+\.(?:dockerfile|containerfile))$/iu.test(path),
  read: (text) => {
    const { escape, instructions } = instructionsOf(text);
    const drafts = instructions.flatMap((instruction) =>
      instruction.word === 'RUN' ? runDrafts(text, instruction, escape) : [],
    );
    return hasInclude(drafts) ? drafts.map(fromProject(copiedFiles(text, instructions))) : drafts;
  },
};

const place = { scope: 'run', more: {} } as const;

function hasInclude(drafts: readonly Draft[]): boolean {
  return drafts.some(({ content }) => content?.kind === 'include' || content?.kind === 'constraint');
}

/** The files that pip reads in the image, where they lie in the project. */
function fromProject(source: (target: string) => string): (draft: Draft) => Draft {
  return (draft) => {
    const { content } = draft;
    if (content?.kind !== 'include' && content?.kind !== 'constraint') return draft;
    const target = { ...content.target, text: source(content.target.text) };
    return { ...draft, content: { ...content, target, isLoose: true } };
  };
}

function runDrafts(text: string, { body, end, documents }: Instruction, escape: string): readonly Draft[] {
  const [first] = documents;
  if (text[body] === '[' && first === undefined) {
    const words = wordsOf(text, body, end, escape);
    if (words !== undefined) return pipInstalls([words], place);
  }
  const source: SourceText = { text, pieces: [{ start: 0, from: 0, to: text.length, verbatim: true }] };
  const head = text.slice(body, Math.min(end, body + 200));
  const isScript = first !== undefined && /^\s*<</u.test(head);
  const isForShell = first !== undefined && shellWithDocument.test(head);
  const spans = isScript
    ? documents
    : [{ start: body, end: isForShell ? first.start : end }, ...(isForShell ? documents : [])];
  return spans.flatMap((span) => {
    const commands = shellCommands(source, span.start, span.end, documents.length > 0 ? '\\' : escape);
    if (commands !== undefined) return pipInstalls(commands, place);
    const written = text.slice(span.start, span.end);
    return mentionsPip(written) ? [unclosedDraft(span, 'run')] : [];
  });
}

/** `["pip", "install", "a"]`; `undefined` where it is no such list. */
function wordsOf(text: string, body: number, end: number, escape: string): readonly ShellWord[] | undefined {
  // Blanks in place of all before, and of what joins lines, keep the offsets.
  const joined = text.slice(body, end).replace(escape === '`' ? joinedByBacktick : joinedByBackslash, blanksFor);
  const { root, faults } = readJson(' '.repeat(body) + joined.trimEnd());
  const texts = itemsOf(root).filter((node): node is TextNode => node.kind === 'text');
  return faults.length > 0 || texts.length === 0
    ? undefined
    : texts.map((node) => ({ source: sourceOf(node), isDynamic: false, isRedirected: false }));
}

/** `bash -e <<EOF`, `cat <<EOF | sh`. */
const shellWithDocument =
  /^(?:\S*\/)?(?:ba|da|z|k|a)?sh(?:[ \t]+(?:-\S+|pipefail))*[ \t]*<<|<<-?['"]?\w+['"]?[ \t]*\|[ \t]*(?:\S*\/)?(?:ba|da|z|k|a)?sh\b/u;

function blanksFor(text: string): string {
  return ' '.repeat(text.length);
}

// With the lines of comments and the empty lines between.
const joinedByBackslash = /\\[ \t]*(?:\r\n|\r|\n)(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*/gu;
const joinedByBacktick = /`[ \t]*(?:\r\n|\r|\n)(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*/gu;
