import { Page } from '../kit/page.tsx';
import { useTexts } from '../text/language.ts';
import { text } from './text.ts';

export function Home() {
  const { title } = useTexts(text);
  return (
    <Page title={title}>
      <p />
    </Page>
  );
}
