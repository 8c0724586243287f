/** Languages in which Jari speaks to people. */
export const languages = ['ko', 'en'] as const;
export type Language = (typeof languages)[number];

/** The language of an `Accept-Language` that is liked best of those that Jari speaks. */
export function preferredLanguage(acceptLanguage: string | undefined): Language | undefined {
  return (acceptLanguage ?? '')
    .split(',')
    .flatMap((each) => {
      const [tag = '', weight = ''] = each.split(';').map((part) => part.trim());
      const language = languages.find((known) => tag.split('-')[0]?.toLowerCase() === known);
      return language ? [{ language, weight: weight.startsWith('q=') ? Number(weight.slice(2)) : 1 }] : [];
    })
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .at(0)?.language;
}
