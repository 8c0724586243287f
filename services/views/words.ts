import type { Language } from '#kernel/language.ts';

/** What a reader is told, in each language. */
export type Words = Readonly<Record<Language, string>>;

export const words = (ko: string, en: string): Words => ({ ko, en });
