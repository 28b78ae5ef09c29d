/**
 * The text of an advisory without a first sentence that only says what the package is ("Pillow is a Python imaging library."):
 * where room is short, it would take the place of what is wrong. A text that is nothing else stays.
 */
export function withoutIntroduction(text: string): string {
  const sentence = firstSentence.exec(text)?.[0];
  return sentence === undefined || saysMore.test(sentence) ? text : text.slice(sentence.length);
}

// One to five words, none of which stands for something said before, and what they are.
const firstSentence =
  /^(?:[Tt]he\s)?(?!(?:There|This|That|It|An?|In|When|If)\s)[^\s.,]{1,60}(?:[ .][^\s,]{1,60}){0,4}?\s(?:is|are)\s(?:an?|the|one)\s[^\n]{1,400}?[a-z0-9)"'`\]]\.\s+(?=[A-Z`"'(])/u;
// Then the sentence is about the vulnerability itself.
const saysMore =
  /vulnerab|\bflaw|\bissue|\bbug\b|invalid|crash|attack|denial|inject|overflow|over-read|arbitrary (?:code|file|command)|crafted|prior to|before|through \d|up to|bypass|leak|exploit/iu;
