import { signInPath } from '../api/session.ts';
import { OuterLink } from '../kit/link.tsx';
import { Page } from '../kit/page.tsx';
import { EmptyState } from '../kit/state.tsx';
import { useTexts, useWords } from '../text/language.ts';
import { text } from './text.ts';

/** Orders are shown to their people alone. */
export function SignInFirst() {
  const { page } = useWords();
  const words = useTexts(text);
  return (
    <Page title={page.signInFirst} hidden>
      <EmptyState
        whole
        title={page.signInFirst}
        action={
          <OuterLink href={signInPath()} look="primary">
            {words.signIn}
          </OuterLink>
        }
      >
        {words.signInText}
      </EmptyState>
    </Page>
  );
}
