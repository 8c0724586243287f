import type { ReactNode } from 'react';
import { useWords } from '../text/language.ts';
import { OuterLink } from './link.tsx';
import { Page } from './page.tsx';
import { EmptyState } from './state.tsx';

/** A page that is shown to people who are signed in. `href` leads to the sign-in and back; `children` says what can be seen then. */
export function SignInFirst({ href, children }: { href: string; children: ReactNode }) {
  const { nav, page } = useWords();
  return (
    <Page title={page.signInFirst} hidden>
      <EmptyState
        whole
        title={page.signInFirst}
        action={
          <OuterLink href={href} look="primary">
            {nav.signIn}
          </OuterLink>
        }
      >
        {children}
      </EmptyState>
    </Page>
  );
}
