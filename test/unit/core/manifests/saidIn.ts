import { type Content, nameOf } from '../../../../server/src/core/manifests/manifest.ts';
import { kindOfNamed } from '../../../../server/src/core/manifests/manifestKinds.ts';

/** What each entry asks for: `name specifier ; marker (scope) kind`, an index requirement without its kind. */
export function saidIn(path: string, text: string): readonly string[] {
  const file = kindOfNamed(path).parse(text);
  return file.entries.flatMap(({ problems }, index) => {
    const content = file.contentOf(index);
    return [...(content === undefined ? [] : [shown(content)]), ...problems.map(({ code }) => `! ${code}`)];
  });
}

function shown(content: Content): string {
  const clauses = content.kind === 'index' ? (content.specifier?.clauses ?? []) : [];
  const extras =
    'extras' in content && content.extras.length > 0 ? `[${content.extras.map(({ text }) => text).join()}]` : '';
  const marker = 'marker' in content && content.marker ? ` ; ${content.marker.normal}` : '';
  const name =
    nameOf(content)?.text ?? ('target' in content ? content.target.text : 'text' in content ? content.text : '');
  const specifier = clauses.map(({ operator, version }) => operator + version).join(',');
  const scope = 'scope' in content && content.scope !== undefined ? ` (${content.scope})` : '';
  const kind = content.kind === 'index' ? (content.hasOwnIndex ? ' own index' : '') : ` ${content.kind}`;
  return name + extras + specifier + marker + scope + kind;
}
