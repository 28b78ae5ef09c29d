import type { Span } from '../../text/position.ts';
import type { Clause } from '../../versions/clause.ts';
import type { Content } from '../manifest.ts';
import type { Problem } from '../requirement.ts';

/** The same content, with spans that count from `origin`. */
export function contentFrom(content: Content, origin: number): Content {
  const move = mover(origin);
  switch (content.kind) {
    case 'index':
      return {
        ...content,
        name: move(content.name),
        extras: content.extras.map(move),
        ...(content.marker && { marker: move(content.marker) }),
        ...(content.specifier && {
          specifier: {
            ...move(content.specifier),
            clauses: content.specifier.clauses.map((one) => clauseFrom(one, origin)),
          },
        }),
      };
    case 'url':
      return {
        ...content,
        url: move(content.url),
        extras: content.extras.map(move),
        ...(content.name && { name: move(content.name) }),
        ...(content.marker && { marker: move(content.marker) }),
      };
    case 'path':
      return {
        ...content,
        path: move(content.path),
        extras: content.extras.map(move),
        ...(content.name && { name: move(content.name) }),
        ...(content.marker && { marker: move(content.marker) }),
      };
    case 'editable':
      return {
        ...content,
        target: move(content.target),
        extras: content.extras.map(move),
        ...(content.name && { name: move(content.name) }),
        ...(content.marker && { marker: move(content.marker) }),
      };
    case 'unread':
      return { ...move(content), ...(content.name && { name: move(content.name) }) };
    case 'include':
    case 'constraint':
      return { ...content, target: move(content.target) };
  }
}

export function problemFrom(problem: Problem, origin: number): Problem {
  return { ...problem, span: spanFrom(problem.span, origin) };
}

export function spanFrom({ start, end }: Span, origin: number): Span {
  return { start: start - origin, end: end - origin };
}

function mover(origin: number): <T extends { readonly span: Span }>(token: T) => T {
  return (token) => ({ ...token, span: spanFrom(token.span, origin) });
}

function clauseFrom(clause: Clause, origin: number): Clause {
  return {
    ...clause,
    operatorSpan: spanFrom(clause.operatorSpan, origin),
    versionSpan: spanFrom(clause.versionSpan, origin),
  };
}
