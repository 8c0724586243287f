import { createContext, useContext } from 'react';
import { en } from './en.ts';
import { formatsOf, type Formats } from './formats.ts';
import { ko, type Words } from './ko.ts';

export type Language = 'ko' | 'en';

interface Spoken {
  language: Language;
  speak(language: Language): void;
}

export const LanguageContext = createContext<Spoken>({ language: 'ko', speak: () => undefined });

export const useLanguage = (): Spoken => useContext(LanguageContext);

const words: Readonly<Record<Language, Words>> = { ko, en };

/** Words of the shell and the kit, in the reader's language. */
export const useWords = (): Words => words[useLanguage().language];

export const useFormats = (): Formats => formatsOf(useLanguage().language);

/** A page's own words stand beside it: `const text = texts({ ko: {…}, en: {…} })`. A key that one language lacks does not compile. */
export const texts = <Own>(both: { ko: Own; en: NoInfer<Own> }): Readonly<Record<Language, Own>> => both;

export const useTexts = <Own>(both: Readonly<Record<Language, Own>>): Own => both[useLanguage().language];
