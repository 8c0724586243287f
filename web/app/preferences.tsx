import { useMemo, useState, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { queryClient } from '../api/client.ts';
import { connection } from '../api/connection.ts';
import { LanguageContext, loadWords, type Language } from '../text/language.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The server writes both into the page (adapters/web-files), so that nothing flashes: they are cookies. */
const remember = (name: string, value: string): void => {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
};

/** The language of the page as the server wrote it. */
export const firstLanguage = (): Language => (document.documentElement.lang === 'en' ? 'en' : 'ko');

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const spoken = useMemo(
    () => ({
      language,
      speak: async (next: Language) => {
        try {
          await loadWords(next);
        } catch {
          return connection.failed();
        }
        remember('jari-language', next);
        document.documentElement.lang = next;
        setLanguage(next);
        // Services answer in the language that they were asked in.
        void queryClient.invalidateQueries();
      },
    }),
    [language],
  );
  return (
    <LanguageContext value={spoken}>
      <I18nProvider locale={language === 'ko' ? 'ko-KR' : 'en-US'}>{children}</I18nProvider>
    </LanguageContext>
  );
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(
    () => themes.find((each) => each === document.documentElement.dataset['theme']) ?? 'system',
  );
  return [
    theme,
    (next) => {
      remember('jari-theme', next);
      document.documentElement.dataset['theme'] = next;
      setTheme(next);
    },
  ];
}
