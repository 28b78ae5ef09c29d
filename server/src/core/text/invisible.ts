/** Characters that nobody sees and that are no white space to pip: zero-width, soft hyphen, direction marks, controls, tags. */
const invisible =
  /[\u0000-\u0008\u000E-\u001B\u007F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E007F}\u{E0100}-\u{E01EF}]/gu;

/** Spaces that look like one and are none to pip. */
const otherSpaces = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/gu;

/** Letters of other alphabets that look like these. */
const lookalikes: Readonly<Record<string, string>> = {
  а: 'a',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  һ: 'h',
  і: 'i',
  ј: 'j',
  ӏ: 'l',
  о: 'o',
  р: 'p',
  ԛ: 'q',
  ѕ: 's',
  ԝ: 'w',
  х: 'x',
  у: 'y',
  ο: 'o',
  α: 'a',
  ν: 'v',
  ι: 'i',
  ρ: 'p',
};

const most = 5;

/** What in a text deceives the eye, in sentences for people; each character once, in the order of the text. Empty where nothing does. */
export function unseenText(text: string): string {
  const unseen = codesOf(text.match(invisible) ?? []);
  const spaces = codesOf(text.match(otherSpaces) ?? []);
  const letters = [...new Set(text)].flatMap((one) => {
    const like = Object.hasOwn(lookalikes, one) ? lookalikes[one] : undefined;
    return like === undefined ? [] : [`The line holds "${one}" (${codeOf(one)}), which looks like "${like}".`];
  });
  return [
    ...(unseen.length === 1 ? [`The line holds an invisible character (${listed(unseen)}): remove it.`] : []),
    ...(unseen.length > 1 ? [`The line holds invisible characters (${listed(unseen)}): remove them.`] : []),
    ...(spaces.length === 0
      ? []
      : [`The line holds a space that pip does not take for one (${listed(spaces)}): type it again.`]),
    ...letters.slice(0, most),
  ].join(' ');
}

/** Other spaces become plain ones. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, '').replace(otherSpaces, ' ');
}

function codesOf(characters: readonly string[]): readonly string[] {
  return [...new Set(characters)].map(codeOf);
}

/** "U+200B" */
function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function listed(all: readonly string[]): string {
  return all.slice(0, most).join(', ');
}
