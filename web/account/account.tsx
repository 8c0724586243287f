import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../api/http.ts';
import { signInPath, signOut } from '../api/session.ts';
import { Button } from '../kit/button.tsx';
import { Page } from '../kit/page.tsx';
import { SignInFirst } from '../kit/sign-in-first.tsx';
import { useTexts } from '../text/language.ts';
import css from './account.module.css';
import { Cards } from './cards.tsx';
import { Contacts } from './contacts.tsx';
import { Password } from './password.tsx';
import { Profile } from './profile.tsx';
import { cardsQuery } from './queries.ts';
import { Sessions } from './sessions.tsx';
import { text } from './text.ts';

/** Who one is, what one pays with, and by what and where one is signed in. */
export function Account() {
  const words = useTexts(text);
  const { error } = useQuery(cardsQuery);
  if (error instanceof ApiError && error.status === 401)
    return <SignInFirst href={signInPath()}>{words.signInText}</SignInFirst>;
  return (
    <Page title={words.title} narrow aside={<Button onPress={() => void signOut()}>{words.signOut}</Button>}>
      <div className={css.page}>
        <Profile />
        <Contacts />
        <Cards />
        <Password />
        <Sessions />
      </div>
    </Page>
  );
}
