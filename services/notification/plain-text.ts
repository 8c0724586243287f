/** Dots, also those that look like one or that a browser takes for one. */
const dots = '.\u2024\u3002\uFF0E\uFF61\uFE52\u2025\u2026\u0701\u0702\uA4F8\u06D4\uFE12';
const slashes = '/\u2044\u2215\uFF0F\u29F8\u27CB\u2571';
const colons = ':\uFF1A\u2236\uA789\u02D0\u02F8\uFE55\uFE13';
const ats = '@\uFF20\uFE6B';

const label = '[\\p{L}\\p{N}\\p{M}_-]';
/** What shows nothing: controls, formats (zero-width, bidi), fillers, variation selectors of text, tags. */
const unseen =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800]|\u034F|[\u180B-\u180F]|\u17B4|\u17B5/gu;
const emojiJoint = /(?<=\p{Extended_Pictographic}|[\u{1F3FB}-\u{1F3FF}]|\uFE0F)\u200D(?=\p{Extended_Pictographic})/gu;
const joint = '\uFFFC';

const scheme = new RegExp(`(?<=^|[^\\p{L}\\p{N}])\\p{L}[\\p{L}\\p{N}+-]*[${colons}]\\s*[${slashes}]{2,}`, 'gu');
const tightColon = new RegExp(`(?<=\\p{L})[${colons}](?=[^\\s])`, 'gu');
const innerDots = new RegExp(`(?<=${label})\\s?[${dots}]+(?=${label})`, 'gu');
const at = new RegExp(`\\s?[${ats}]\\s?`, 'gu');
/** `2.5`, but no part of an address of four numbers. */
const decimal = new RegExp(`(?<![\\d${dots}-])(\\d{1,15})\\.(\\d{1,15})(?!\\d|[${dots}]${label})`, 'gu');
const decimalPoint = '\uFFF9';

/**
 * A text that somebody wrote, as it may stand in a message: one line, at most `longest` characters as people count them, and nothing in it
 * that a telephone makes a link of. Dots between letters become `·`, `http://` goes, and look-alikes are taken for what they look like.
 * Empty when nothing of it can be seen.
 */
export function plainText(text: string, longest = 80): string {
  const line = text
    .slice(0, mostUnits)
    .normalize('NFC')
    .replaceAll(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(emojiJoint, joint)
    .replaceAll(unseen, '')
    .replaceAll(joint, '\u200D')
    .replaceAll(/(\p{M}{3})\p{M}+/gu, '$1')
    .replaceAll(scheme, '')
    .replaceAll(at, ' at ')
    .replaceAll(decimal, `$1${decimalPoint}$2`)
    .replaceAll(innerDots, '·')
    .replaceAll(decimalPoint, '.')
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
