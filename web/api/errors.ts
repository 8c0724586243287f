import { useLanguage, useWords } from '../text/language.ts';
import { errorTexts } from '../text/errors.ts';
import { ApiError } from './http.ts';

/** What to say of a failed call. A page gives its own words for the reasons that it knows better. */
export function useErrorText(): (error: unknown, own?: Readonly<Record<string, string>>) => string {
  const { error: words } = useWords();
  const { language } = useLanguage();
  return (error, own = {}) => {
    if (!(error instanceof ApiError)) return words.other;
    const known = own[error.reason] ?? errorTexts[error.reason]?.[language];
    if (known) return known;
    if (error.status === 0) return words.network;
    if (error.status === 401) return words.signIn;
    return error.isPassing ? words.unavailable : words.other;
  };
}
