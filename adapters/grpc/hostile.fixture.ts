// Texts that make a pattern slow which tries many ways, for tests.

const size = 64 * 1024;
export const filled = (unit: string, end = ''): string =>
  unit.repeat(Math.ceil(size / unit.length)).slice(0, size) + end;
/** Texts on which patterns that try many ways take long. */
export const hostile: Readonly<Record<string, string>> = {
  'one letter and a control character': filled('x', '\u0001'),
  'digits and a letter': filled('1', 'x'),
  'digits with dashes': filled('1-', '!'),
  'words with dots': filled('a.', '!'),
  'spaces and a control character': filled(' ', '\u0001'),
  'line breaks': filled('\n\r\t', '\u0001'),
  'digits and an exclamation mark': filled('1', '!'),
  'percent signs': filled('%4', 'g'),
  'slashes and colons': filled('//a:', '!'),
  braces: filled('{a', '!'),
  'half of a date': filled('2026-12-', ''),
  colons: filled('a:', '\u0001'),
  'an endless time': `2026-12-24T${filled('0:.', '!')}`,
  'an endless e-mail address': `${filled('a', '')}@${filled('a.', '!')}`,
  'a letter under accents out of order': `a${filled('\u0315\u0316', '')}`,
  'emoji of families': filled('👨‍👩‍👧‍👦', '\u0001'),
  'decomposed Hangul': filled('한'.normalize('NFD'), '\u0001'),
};
/** The quickest of many: the machine may be busy with something else for seconds. */
export function milliseconds(run: () => unknown): number {
  let best = Infinity;
  for (const start = performance.now(); best >= 10 && performance.now() < start + 10_000;) {
    const began = performance.now();
    run();
    best = Math.min(best, performance.now() - began);
  }
  return best;
}
