import { useLanguage, useTexts } from '../../text/language.ts';
import type { Product } from './api.ts';
import { colourName } from './colours.ts';
import { text } from './text.ts';

/** In what a variant differs from the others of its family. */
export function useVariantName(): (product: Product) => string {
  const { language } = useLanguage();
  const words = useTexts(text);
  return ({ options }) =>
    [colourName(options?.colour ?? '', language), options?.storage, options?.size].filter(Boolean).join(' · ') ||
    words.one;
}
