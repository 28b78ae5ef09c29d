import { ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { FixAllParams, FixAllResult, LeftRequirement } from '../../../../../protocol/messages/fixAll.ts';
import { type FixableFile, fixFiles } from '../../../core/fixes/fixFiles.ts';
import { isWhollyIgnored } from '../../../core/ignores/markIgnored.ts';
import { plainText } from '../../../core/text/plainText.ts';
import { type EditManner, isAskedAbout, workspaceEdit } from '../../../features/actions/workspaceEdit.ts';
import { fileId } from '../../../project/fileId.ts';
import { fixContext, type FixSession } from '../fixes/actionContext.ts';
import type { Session } from '../../session.ts';
import type { FileSnapshot } from '../../../project/workspace/fileSnapshot.ts';

/**
 * Fixes whole files, or all of the workspace after the user has looked at it: has the client apply one edit, and tells what was
 * fixed and what was not, and why.
 */
export async function fixAll(
  session: FixSession & Pick<Session, 'checks' | 'applyEdit' | 'abilities' | 'words'>,
  argument: unknown,
  signal: AbortSignal,
): Promise<FixAllResult | ResponseError> {
  const { checks, applyEdit, words } = session;
  const abilities = session.abilities.codeActions;
  if (!abilities.applyEdit) {
    return new ResponseError(ErrorCodes.InvalidRequest, 'This editor does not let Pinwatch change files.');
  }
  const uris = urisOf(argument);
  const examined = await checks.examine(uris, signal);
  if (uris !== undefined && examined.length < new Set(uris.map(fileId)).size) {
    return new ResponseError(LSPErrorCodes.RequestFailed, 'This is no requirements file that Pinwatch tracks.');
  }
  const readOnly = readOnlySchemesOf(argument);
  const isReadOnly = ({ uri }: FileSnapshot): boolean => readOnly.some((scheme) => uri.startsWith(`${scheme}:`));
  const files = examined.filter((file) => !isReadOnly(file));
  const { fix, documents } = await fixContext(session, files, { digests: 'now', signal });
  const asksForMajors = (argument as FixAllParams | null | undefined)?.majors === true;
  // Of several files each edit is shown, and a major one is not ticked.
  const leavesMajors = uris !== undefined && !asksForMajors && fix.policy.allowMajor !== true;
  const { changes, edits, fixed, left, majors } = fixFiles(files.map(fixableFile), fix, leavesMajors);
  const unknown = files.flatMap(unanswered);
  const unchecked = examined.flatMap(({ lines }) => lines).filter(isUnchecked).length;
  const unread = checks.unreadFor(uris, examined);
  const unfinished = fixed.flatMap(({ todo, ...place }) => (todo === undefined ? [] : [{ ...place, reason: todo }]));
  const edited = [...changes].flatMap(([source, own]) => {
    const document = documents.get(source);
    return document === undefined ? [] : [{ document, changes: own }];
  });
  const isEmpty = edited.length === 0;
  const label =
    fixed.length === 1
      ? words.t('Fix 1 vulnerable requirement')
      : words.t('Fix {0} vulnerable requirements', fixed.length);
  // Of several files none is "here": what is no plain update is shown before it is made.
  const here = uris?.length === 1 ? (examined[0]?.uri ?? '') : '';
  const reviewed = new Set(edits.filter(({ wantsReview }) => wantsReview).flatMap((edit) => edit.changes));
  const asks: EditManner['asks'] = ({ uri }, change) =>
    reviewed.has(change) && (asksForMajors || uris === undefined) ? true : uris !== undefined && uri !== here;
  const manner = { here, label, abilities, asks };
  const { applied } = isEmpty
    ? { applied: false }
    : await applyEdit(
        { label, edit: workspaceEdit(edited, manner) },
        { isPreviewed: isAskedAbout(edited, manner), signal },
      );
  return {
    applied,
    previewed: !isEmpty && isAskedAbout(edited, manner),
    fixed: fixed.length,
    files: edited.length,
    left: [
      ...[...left, ...unfinished].map(({ source, line, name, reason }) => ({
        uri: documents.get(source)?.uri ?? source,
        line,
        name,
        reason,
      })),
      ...unknown,
      ...examined.filter(isReadOnly).flatMap(unsaveable),
    ],
    ...(majors.length > 0 ? { majors: majors.length } : {}),
    ...(unchecked > 0 ? { unchecked } : {}),
    ...(unread > 0 ? { unread } : {}),
  };
}

function fixableFile({ id, lines }: FileSnapshot): FixableFile {
  return {
    source: id,
    requirements: lines.flatMap(({ requirement, state }) =>
      state.kind === 'settled' ? [{ requirement, outcome: state.outcome }] : [],
    ),
  };
}

function isUnchecked({ state }: FileSnapshot['lines'][number]): boolean {
  return state.kind === 'pending' || state.outcome.kind !== 'assessed';
}

/** What nothing is known of now may need a fix too. */
function unanswered({ uri, lines }: FileSnapshot): readonly LeftRequirement[] {
  return lines.flatMap(({ requirement, state }) => {
    const place = { uri, line: requirement.range.start.line, name: plainText(requirement.name, 100) };
    if (state.kind === 'pending') {
      return [{ ...place, reason: 'It is still being checked.' }];
    }
    return state.outcome.kind === 'failed' ? [{ ...place, reason: plainText(state.outcome.message, 300) }] : [];
  });
}

/** An editor makes an edit to a file that cannot be saved, and then shows a text that is not the file's. */
function unsaveable(file: FileSnapshot): readonly LeftRequirement[] {
  const vulnerable = file.lines.flatMap(({ requirement, state }) =>
    state.kind === 'settled' &&
    state.outcome.kind === 'assessed' &&
    state.outcome.verdict !== 'clean' &&
    !isWhollyIgnored(state.outcome)
      ? [requirement]
      : [],
  );
  return [
    ...vulnerable.map(({ name, range }) => ({
      uri: file.uri,
      line: range.start.line,
      name: plainText(name, 100),
      reason: 'The file system of this file is read-only.',
    })),
    ...unanswered(file),
  ];
}

function readOnlySchemesOf(argument: unknown): readonly string[] {
  const schemes = (argument as FixAllParams | null | undefined)?.readOnlySchemes;
  return Array.isArray(schemes) ? schemes.filter((scheme) => typeof scheme === 'string') : [];
}

function urisOf(argument: unknown): readonly string[] | undefined {
  const uris = (argument as FixAllParams | null | undefined)?.uris;
  return Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : undefined;
}
