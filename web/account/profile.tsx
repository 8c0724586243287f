import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { answered, api } from '../api/api.ts';
import { queryClient } from '../api/client.ts';
import { useErrorText } from '../api/errors.ts';
import { sessionQuery } from '../api/session.ts';
import { Button } from '../kit/button.tsx';
import { Radios } from '../kit/choice.tsx';
import { Field } from '../kit/field.tsx';
import { Notice } from '../kit/notice.tsx';
import { toast } from '../kit/toast.tsx';
import { useLanguage, useTexts } from '../text/language.ts';
import css from './account.module.css';
import { Email } from './email.tsx';
import { Section } from './section.tsx';
import { contactsQuery, personQuery, type Person } from './queries.ts';
import { text } from './text.ts';

export function Profile() {
  const words = useTexts(text);
  const query = useQuery(personQuery);
  return (
    <Section title={words.profile} query={query}>
      {(person) => (
        <div className={css.pad}>
          {person ? <ProfileForm key={person.id} person={person} /> : <p>{words.noPerson}</p>}
          {person?.email && <Email person={person} />}
        </div>
      )}
    </Section>
  );
}

function ProfileForm({ person }: { person: Person }) {
  const words = useTexts(text);
  const errorText = useErrorText();
  const { speak } = useLanguage();
  const [name, setName] = useState(person.displayName);
  const [language, setLanguage] = useState<'EN' | 'KO'>(person.language === 'EN' ? 'EN' : 'KO');
  const saving = useMutation({
    mutationFn: async () => {
      const saved = await answered(api.PATCH('/v1/me', { body: { displayName: name.trim(), language } }));
      // Messages have a language of their own, which stands beside the contacts.
      const { phone, email } = await queryClient.fetchQuery(contactsQuery);
      await answered(api.PUT('/v1/profile', { body: { phone, email, language } }));
      return saved;
    },
    onSuccess: async (saved) => {
      queryClient.setQueryData(personQuery.queryKey, saved);
      // The token holds the old name until it is renewed.
      queryClient.setQueryData(sessionQuery.queryKey, (known) =>
        known?.person ? { ...known, person: { ...known.person, display_name: saved.displayName } } : known,
      );
      await speak(language === 'EN' ? 'en' : 'ko');
      toast({ text: text[language === 'EN' ? 'en' : 'ko'].saved });
    },
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() && !saving.isPending) saving.mutate();
  };
  return (
    <form className={css.form} onSubmit={send}>
      <Field
        label={words.name}
        hint={words.nameHint}
        error={name.trim() ? undefined : words.nameMissing}
        value={name}
        onChange={setName}
        maxLength={50}
        autoComplete="name"
      />
      <Radios
        label={words.language}
        options={[
          { id: 'KO', label: <span lang="ko">한국어</span> },
          { id: 'EN', label: <span lang="en">English</span> },
        ]}
        value={language}
        onChange={(id) => setLanguage(id === 'EN' ? 'EN' : 'KO')}
      />
      {saving.isError && (
        <Notice tone="bad" live title={words.failed}>
          <p>{errorText(saving.error)}</p>
        </Notice>
      )}
      <div>
        <Button type="submit" look="primary" busy={saving.isPending}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}
