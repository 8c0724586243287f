/** Rules for texts of people, in terms of Unicode. Every pattern here reads a text once, so no input makes it slow. */

/** One of these at least, or the text shows nothing: letters that are drawn as nothing (fillers) do not count, nor does blank braille. */
const visible = /[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800]]/v;
export const isBlank = (text: string): boolean => !visible.test(text);

/** Embeddings, overrides and isolates: what they enclose reads otherwise than it is written. */
export const changesDirection = (text: string): boolean => /[\u202a-\u202e\u2066-\u2069]/.test(text);

/** Unicode's line and paragraph separators are line breaks too, though they are not control characters. */
export const breaksLine = (text: string): boolean => /[\p{Cc}\u2028\u2029]/u.test(text);

/** Control characters that no text needs: all but line breaks and tabs. Code points that are no characters, and halves of one. */
export const hasControls = (text: string): boolean =>
  /[[\p{Cc}--[\t\n\r]]\p{Noncharacter_Code_Point}\p{Cs}]/v.test(text);

/** More marks on one letter than any language writes (UAX 15, Stream-Safe): to put them in order takes time by the square of their number. */
export const isOverloaded = (text: string): boolean => /\p{M}{31}/u.test(text);

/** The one form of text that is compared, stored and answered. */
export const canonical = (text: string): string => (isAscii.test(text) ? text : text.normalize('NFC'));
const isAscii = /^\p{ASCII}*$/u;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Whether it has more characters, as people count them, than `max`. Stops counting there. */
export function isLongerThan(text: string, max: number): boolean {
  if (text.length <= max) return false;
  if (isAscii.test(text) && !text.includes('\r\n')) return true;
  let count = 0;
  for (const _ of segmenter.segment(text)) if (++count > max) return true;
  return false;
}

/** The beginning of a text, at most `max` characters as people count them. What is cut ends in `…`, and no character is cut in two. */
export function shortened(text: string, max: number): string {
  if (!isLongerThan(text, max)) return text;
  let end = 0;
  let count = 0;
  for (const { index } of segmenter.segment(text)) {
    end = index;
    if (++count === max) break;
  }
  return `${text.slice(0, end).trimEnd()}…`;
}

/** How texts are compared in a search: without case, accents, or the form in which they were typed. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{Mn}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase()
    .normalize('NFKC');
