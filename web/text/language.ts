import { createContext, useContext } from 'react';
import { formatsOf, type Formats } from './formats.ts';
import type { Words } from './ko.ts';

export type Language = 'ko' | 'en';

interface Spoken {
  language: Language;
  speak(language: Language): Promise<void>;
}

export const LanguageContext = createContext<Spoken>({ language: 'ko', speak: async () => undefined });

export const useLanguage = (): Spoken => useContext(LanguageContext);

const dictionaries: Readonly<Record<Language, () => Promise<Words>>> = {
  ko: async () => (await import('./ko.ts')).ko,
  en: async () => (await import('./en.ts')).en,
};
const loaded: Partial<Record<Language, Words>> = {};

/** The dictionary of the shell and the kit. It is there before a page is drawn in that language. */
export async function loadWords(language: Language): Promise<void> {
  loaded[language] ??= await dictionaries[language]();
}

/** Words of the shell and the kit, in the reader's language. */
export const useWords = (): Words => loaded[useLanguage().language] as Words;

export const useFormats = (): Formats => formatsOf(useLanguage().language);

/** A page's own words stand beside it: `const text = texts({ ko: {…}, en: {…} })`. A key that one language lacks does not compile. */
export const texts = <Own>(both: { ko: Own; en: NoInfer<Own> }): Readonly<Record<Language, Own>> => both;

export const useTexts = <Own>(both: Readonly<Record<Language, Own>>): Own => both[useLanguage().language];
