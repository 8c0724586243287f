import type { Language } from './language.ts';

/** Names of listings often hold both languages: `솔향 독채 · Pine Cottage`. The reader sees the part in theirs. */
export function inLanguage(name: string, language: Language): string {
  const parts = name.split(' · ');
  const [korean = '', other = ''] = parts;
  if (parts.length !== 2 || !hasHangul(korean) || hasHangul(other)) return name;
  return language === 'ko' ? korean : other;
}

/** Descriptions may hold both languages, a line each. The reader sees the lines in theirs, or all where there are none. */
export function linesInLanguage(description: string, language: Language): string {
  const lines = description.split('\n').filter(Boolean);
  const own = lines.filter((line) => hasHangul(line) === (language === 'ko'));
  return (own.length ? own : lines).join('\n');
}

const hasHangul = (text: string): boolean => /\p{Script=Hangul}/u.test(text);
