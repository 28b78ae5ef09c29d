import type { Span } from '../../text/position.ts';
import type { OutlineEntry } from '../manifest.ts';
import { rangeOf } from '../places.ts';
import type { Token } from '../requirement.ts';
import { isSecretName, publicText } from '../shownText.ts';
import type { EditableRequirement, Item, PathRequirement, RequirementsFile, UrlRequirement } from './model.ts';

/** One entry for each requirement and each included file. */
export function outlineOf(file: RequirementsFile): readonly OutlineEntry[] {
  return file.items.flatMap((item, index) => {
    const shown = shownOf(item);
    if (shown === undefined) {
      return [];
    }
    const { kind, name, detail, span } = shown;
    return [
      { kind, name, detail, range: rangeOf(file, index, wholeSpan(item)), nameRange: rangeOf(file, index, span) },
    ];
  });
}

interface Shown extends Pick<OutlineEntry, 'kind' | 'name' | 'detail'> {
  readonly span: Span;
}

function shownOf(item: Item): Shown | undefined {
  switch (item.kind) {
    case 'requirement': {
      const detail = item.specifier ?? item.url;
      return {
        kind: 'package',
        name: isSecretName(item.text, item.name.text) ? 'package' : item.name.text,
        detail: detail === undefined ? '' : publicText(item, detail),
        span: item.name.span,
      };
    }
    case 'url':
      return placed(item, item.url, '');
    case 'path':
      return placed(item, item.path, '');
    case 'editable':
      return placed(item, item.target, '-e');
    case 'include':
    case 'constraint': {
      const { target } = item;
      const detail = item.kind === 'include' ? '-r' : '-c';
      return { kind: 'file', name: publicText(item, target), detail, span: target.span };
    }
    case 'error':
      return item.name && { kind: 'package', name: item.name.text, detail: 'cannot be read', span: item.name.span };
    case 'option':
      return undefined;
  }
}

/** By its name, with the place as detail; by the place alone where it has no name. */
function placed(
  item: UrlRequirement | PathRequirement | EditableRequirement,
  place: Token,
  unnamedDetail: string,
): Shown {
  const shown = publicText(item, place);
  return item.name === undefined
    ? { kind: 'package', name: shown, detail: unnamedDetail, span: place.span }
    : { kind: 'package', name: item.name.text, detail: shown, span: item.name.span };
}

/** The logical line with its comment. */
function wholeSpan({ span, comment }: Item): Span {
  return { start: span.start, end: Math.max(span.end, comment?.end ?? 0) };
}
