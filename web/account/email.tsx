import { useMutation } from '@tanstack/react-query';
import { answered, api } from '../api/api.ts';
import { queryClient } from '../api/client.ts';
import { useErrorText } from '../api/errors.ts';
import { Button } from '../kit/button.tsx';
import { Notice } from '../kit/notice.tsx';
import { Tag } from '../kit/tag.tsx';
import { useTexts } from '../text/language.ts';
import css from './account.module.css';
import { personQuery, type Person } from './queries.ts';
import { text } from './text.ts';

/** What one signs in with, and whether one has proved to have it. */
export function Email({ person: { email, emailVerified } }: { person: Person }) {
  const words = useTexts(text);
  const errorText = useErrorText();
  const sending = useMutation({
    mutationFn: () => answered(api.POST('/v1/me:sendVerification', { body: {} })),
    // It may have been verified on another page meanwhile.
    onError: () => queryClient.invalidateQueries({ queryKey: personQuery.queryKey }),
  });
  return (
    <div className={css.email}>
      <div className={css.what}>
        <span>{words.signInEmail}</span>
        <span className="muted small">{email}</span>
      </div>
      <Tag tone={emailVerified ? 'good' : 'wait'} icon={emailVerified ? 'check' : 'hour'}>
        {emailVerified ? words.verified : words.unverified}
      </Tag>
      {!emailVerified && (
        <Button busy={sending.isPending} onPress={() => sending.mutate()}>
          {words.sendVerification}
        </Button>
      )}
      {!emailVerified && sending.isSuccess && (
        <Notice tone="good" live title={words.verificationSent}>
          <p>{words.verificationSentText}</p>
        </Notice>
      )}
      {!emailVerified && sending.isError && (
        <Notice tone="bad" live title={words.failed}>
          <p>{errorText(sending.error)}</p>
        </Notice>
      )}
    </div>
  );
}
