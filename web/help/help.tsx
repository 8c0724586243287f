import { Card } from '../kit/card.tsx';
import { Page } from '../kit/page.tsx';
import { useTexts } from '../text/language.ts';
import css from './help.module.css';
import { text } from './text.ts';

export function Help() {
  const { title, lead, topics } = useTexts(text);
  return (
    <Page title={title} lead={lead} narrow>
      <div className={css.topics}>
        {topics.map(({ question, answer }) => (
          <Card as="section" key={question}>
            <h2>{question}</h2>
            <p>{answer}</p>
          </Card>
        ))}
      </div>
    </Page>
  );
}
