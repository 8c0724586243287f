import type { Language } from './language.ts';

/** Names of listings often hold both languages: `솔향 독채 · Pine Cottage`. The reader sees the part in theirs. */
export function inLanguage(name: string, language: Language): string {
  const parts = name.split(' · ');
  const [korean = '', other = ''] = parts;
  if (parts.length !== 2 || !hasHangul(korean) || hasHangul(other)) return name;
  return language === 'ko' ? korean : other;
}

const hasHangul = (text: string): boolean => /\p{Script=Hangul}/u.test(text);
