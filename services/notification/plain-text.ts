/** Dots, also those that look like one or that a browser takes for one. */
const dots = '.\u2024\u3002\uFF0E\uFF61\uFE52\u2025\u2026\u0701\u0702\uA4F8\u06D4\uFE12\u2027\u1390\u166E\u2E33';
const slashes = '/\u2044\u2215\uFF0F\u29F8\u27CB\u2571';
const colons = ':\uFF1A\u2236\uA789\u02D0\u02F8\uFE55\uFE13';
const ats = '@\uFF20\uFE6B';

/** What a host name may show: letters, also circled ones, and signs that stand for some (™). */
const label = '[\\p{Alphabetic}\\p{N}\\p{M}\\p{So}_-]';
/** What shows nothing: controls, formats (zero-width, bidi), fillers, variation selectors of text, tags. */
const unseen =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800]|\u034F|[\u180B-\u180F]|\u17B4|\u17B5/gu;
const emojiJoint = /(?<=\p{Extended_Pictographic}|[\u{1F3FB}-\u{1F3FF}]|\uFE0F)\u200D(?=\p{Extended_Pictographic})/gu;
const joint = '\uFFFC';

const scheme = new RegExp(
  `(?<=^|[^\\p{Alphabetic}\\p{N}])\\p{Alphabetic}[\\p{Alphabetic}\\p{N}+-]*[${colons}]\\s*[${slashes}]{2,}`,
  'gu',
);
const tightColon = new RegExp(`(?<=\\p{Alphabetic})[${colons}](?=[^\\s])`, 'gu');
const innerDots = new RegExp(`(?<=${label})\\s?[${dots}]+(?=${label})`, 'gu');
/** `(dot)`, `[.]`: a host name that people put together. */
const spelledDot = new RegExp(
  `(?<=${label})\\s?[([{（［｛]\\s?(?:dot|닷|[${dots}])\\s?[)\\]}）］｝]\\s?(?=${label})`,
  'giu',
);
/** One sign that reads `1.`, `a.m.`, `0.` */
const signWithDot = /[\u2488-\u249B\u33C2\u33D8\u{1F100}]/gu;
const at = new RegExp(`\\s?[${ats}]\\s?`, 'gu');
/** `2.5`, but no part of an address of four numbers. */
const decimal = new RegExp(`(?<![\\d${dots}-])(\\d{1,15})\\.(\\d{1,15})(?!\\d|[${dots}]${label})`, 'gu');
const decimalPoint = '\uFFF9';

const day = '(?<!\\p{N}[-./]?)(?:19|20)\\d\\d([-./])(?:0?[1-9]|1[0-2])\\1(?:0?[1-9]|[12]\\d|3[01])(?![-./]?\\p{N})';
const between = '[-\u2010-\u2015\u2212\uFF0D /\uFF0F.()（）［］\\[\\]]{0,3}';
/** Eight digits or more, which a telephone dials when they are touched, or a day, which it does not. */
const dayOrNumber = new RegExp(`${day}|[+(]{0,2}\\p{N}(?:${between}(?!${day.replace('\\1', '\\2')})\\p{N}){7,}`, 'gu');
const isDay = new RegExp(`^${day}$`, 'u');

/** A number in groups of at most four digits, none of which is dialled. */
const undialled = (number: string): string =>
  isDay.test(number)
    ? number
    : number
        .replaceAll(/[^\p{N}]+/gu, '·')
        .replaceAll(/\p{N}{4}(?=\p{N})/gu, '$&·')
        .replace(/^·/, '');

/**
 * A text that somebody wrote, as it may stand in a message: one line, at most `longest` characters as people count them, and nothing in it
 * that a telephone makes a link of. Dots between letters become `·`, `http://` goes, and look-alikes are taken for what they look like;
 * telephone numbers fall into groups that are not dialled.
 * Empty when nothing of it can be seen.
 */
export function plainText(text: string, longest = 80): string {
  if (text === '') return '';
  const line = text
    .slice(0, mostUnits)
    .normalize('NFC')
    .replaceAll(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(emojiJoint, joint)
    .replaceAll(unseen, '')
    .replaceAll(joint, '\u200D')
    .replaceAll(/(\p{M}{3})\p{M}+/gu, '$1')
    .replaceAll(signWithDot, (sign) => sign.normalize('NFKC'))
    .replaceAll(scheme, '')
    .replaceAll(at, ' at ')
    .replaceAll(decimal, `$1${decimalPoint}$2`)
    .replaceAll(spelledDot, '·')
    .replaceAll(innerDots, '·')
    .replaceAll(decimalPoint, '.')
    .replaceAll(dayOrNumber, undialled)
    .replaceAll(tightColon, ': ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  return /[^\s\p{M}\u200D]/u.test(line) ? cut(line, longest) : '';
}

/** Enough for every title and reason; longer ones are cut before they are looked through. */
const mostUnits = 4_000;

const segments = new Intl.Segmenter('ko', { granularity: 'grapheme' });

/** The first `longest` characters as people count them. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text; // a character is one UTF-16 unit or more
  const characters = [...segments.segment(text)].map(({ segment }) => segment);
  return characters.length <= longest
    ? text
    : `${characters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`;
}
