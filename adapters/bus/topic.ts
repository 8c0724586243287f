/** Whether a topic exchange would route `key` by `pattern`: `*` is one word, `#` any number of them, also none. */
export const matches = (pattern: string, key: string): boolean => matchesWords(pattern.split('.'), key.split('.'));

function matchesWords([word, ...more]: string[], key: string[]): boolean {
  if (word === undefined) return key.length === 0;
  if (word === '#') return matchesWords(more, key) || (key.length > 0 && matchesWords(['#', ...more], key.slice(1)));
  return key.length > 0 && (word === '*' || word === key[0]) && matchesWords(more, key.slice(1));
}
