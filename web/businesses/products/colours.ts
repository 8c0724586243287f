import type { Language } from '../../text/language.ts';

/** How a colour looks, and what it is called in English. */
interface Colour {
  en: string;
  body: string;
  shade: string;
}

const colours: Readonly<Record<string, Colour>> = {
  그래파이트: { en: 'Graphite', body: '#4a5158', shade: '#33393f' },
  로즈: { en: 'Rose', body: '#d9a9a3', shade: '#b98680' },
  블루: { en: 'Blue', body: '#3f6f94', shade: '#2b5374' },
  미드나이트: { en: 'Midnight', body: '#2d3553', shade: '#1f2540' },
  화이트: { en: 'White', body: '#f1f2ef', shade: '#c9cec8' },
  블랙: { en: 'Black', body: '#2b3033', shade: '#1b1f22' },
  실버: { en: 'Silver', body: '#c9cfd3', shade: '#a3abb1' },
  민트: { en: 'Mint', body: '#a6d3c1', shade: '#7fb3a0' },
};

const other: Omit<Colour, 'en'> = { body: '#c3ccd1', shade: '#98a4ab' };

export const colourOf = (name: string): Omit<Colour, 'en'> => colours[name] ?? other;

export const colourName = (name: string, language: Language): string =>
  language === 'ko' ? name : (colours[name]?.en ?? name);
