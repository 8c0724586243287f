import { useQuery } from '@tanstack/react-query';
import { Tag } from '../kit/tag.tsx';
import { useTexts } from '../text/language.ts';
import css from './account.module.css';
import { Section } from './section.tsx';
import { contactsQuery } from './queries.ts';
import { text } from './text.ts';

/** Where news of orders goes. */
export function Contacts() {
  const words = useTexts(text);
  const query = useQuery(contactsQuery);
  return (
    <Section title={words.contacts} lead={words.contactsText} query={query}>
      {({ phone, phoneVerified, email, emailVerified }) => (
        <ul aria-label={words.contacts}>
          {(
            [
              ['phone', phone, phoneVerified],
              ['email', email, emailVerified],
            ] as const
          ).map(([kind, value, isVerified]) => (
            <li key={kind} className={css.row}>
              <div className={css.what}>
                <span>{words.contact[kind]}</span>
                <span className="muted small">{value || words.noContact}</span>
              </div>
              {value && (
                <Tag tone={isVerified ? 'good' : 'wait'} icon={isVerified ? 'check' : 'hour'}>
                  {isVerified ? words.verified : words.unverified}
                </Tag>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
