import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { answered, api } from '../api/api.ts';
import { queryClient } from '../api/client.ts';
import { useErrorText } from '../api/errors.ts';
import { ApiError } from '../api/http.ts';
import { Button } from '../kit/button.tsx';
import { Card } from '../kit/card.tsx';
import { PasswordField } from '../kit/field.tsx';
import { OuterLink } from '../kit/link.tsx';
import { Notice } from '../kit/notice.tsx';
import { toast } from '../kit/toast.tsx';
import { useTexts } from '../text/language.ts';
import css from './account.module.css';
import { personQuery, sessionsQuery } from './queries.ts';
import { text } from './text.ts';

const [shortest, longest] = [10, 256];

/** For who signs in with one: sample people have none. */
export function Password() {
  const words = useTexts(text);
  const id = useId();
  const { data: person } = useQuery(personQuery);
  if (!person?.email) return null;
  return (
    <section aria-labelledby={id} className={css.section}>
      <div className={css.top}>
        <div>
          <h2 id={id}>{words.password}</h2>
          <p className="muted small">{words.passwordText}</p>
        </div>
      </div>
      <Card>
        <PasswordForm email={person.email} />
      </Card>
    </section>
  );
}

function PasswordForm({ email }: { email: string }) {
  const words = useTexts(text);
  const errorText = useErrorText();
  const form = useRef<HTMLFormElement>(null);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  /** How often it was tried to send what stands there: from then on it is said what is wrong. */
  const [tries, setTries] = useState(0);
  const changing = useMutation({
    mutationFn: () =>
      answered(
        api.POST('/v1/me:changePassword', {
          // Sent again on its way, it is done once.
          params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
          body: { currentPassword: current, newPassword: next },
        }),
      ),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      setTries(0);
      queryClient.setQueryData(
        sessionsQuery.queryKey,
        (known) => known && { ...known, sessions: known.sessions.filter((each) => each.current) },
      );
      toast({ text: words.passwordChanged });
    },
  });
  const reason = changing.error instanceof ApiError ? changing.error.reason : '';
  const isTried = tries > 0;
  const wrong = {
    current:
      reason === 'WRONG_PASSWORD'
        ? words.wrongPassword(Number((changing.error as ApiError).metadata['left'] ?? 1))
        : isTried && !current
          ? words.passwordMissing
          : undefined,
    next:
      reason === 'PASSWORD_COMMON'
        ? words.passwordCommon
        : isTried && [...next].length < shortest
          ? words.passwordShort
          : undefined,
  };
  useEffect(() => {
    if (isTried) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [isTried, tries, changing.error]);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (changing.isPending) return;
    setTries(tries + 1);
    if (current && [...next].length >= shortest) changing.mutate();
  };
  const typed = (set: (value: string) => void) => (value: string) => {
    if (changing.isError) changing.reset();
    set(value);
  };
  return (
    <form ref={form} className={css.form} onSubmit={send} noValidate>
      <input hidden readOnly name="username" autoComplete="username" value={email} />
      <PasswordField
        label={words.currentPassword}
        error={wrong.current}
        value={current}
        onChange={typed(setCurrent)}
        maxLength={longest}
        autoComplete="current-password"
      />
      <PasswordField
        label={words.newPassword}
        hint={words.newPasswordHint}
        error={wrong.next}
        value={next}
        onChange={typed(setNext)}
        maxLength={longest}
        autoComplete="new-password"
      />
      {changing.isError && !wrong.current && !wrong.next && (
        <Notice tone="bad" live title={words.failed}>
          <p>{errorText(changing.error, { TOO_MANY_ATTEMPTS: words.tooManyGuesses })}</p>
        </Notice>
      )}
      <div className={css.acts}>
        <Button type="submit" look="primary" busy={changing.isPending}>
          {words.changePassword}
        </Button>
        <OuterLink href="/auth/forgot?return_to=/account">{words.forgotPassword}</OuterLink>
      </div>
    </form>
  );
}
