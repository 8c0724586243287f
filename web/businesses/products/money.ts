import type { Money } from '../../text/formats.ts';
import { useLanguage, useTexts } from '../../text/language.ts';
import type { Product } from './api.ts';
import { colourName } from './colours.ts';
import { text } from './text.ts';

const won = { currencyCode: 'KRW', units: '0', nanos: 0 } satisfies Money;

export const times = (
  amount: Money | undefined,
  count: number,
): { currencyCode: string; units: string; nanos: number } => ({
  ...won,
  units: String(Number(amount?.units ?? 0) * count),
});

export const plus = (one: Money | undefined, other: Money | undefined): ReturnType<typeof times> =>
  times({ ...won, units: Number(one?.units ?? 0) + Number(other?.units ?? 0) }, 1);

/** In what a variant differs from the others of its family. */
export function useVariantName(): (product: Product) => string {
  const { language } = useLanguage();
  const words = useTexts(text);
  return ({ options }) =>
    [colourName(options?.colour ?? '', language), options?.storage, options?.size].filter(Boolean).join(' · ') ||
    words.one;
}
