import { Card } from '../kit/card.tsx';
import { classes } from '../kit/classes.ts';
import { Section } from '../kit/page.tsx';
import type { Money } from '../text/formats.ts';
import { useFormats, useTexts } from '../text/language.ts';
import { text } from './order-text.ts';
import css from './refunds.module.css';

/** What a cancellation refunds up to a time, exclusive. */
export interface RefundStep {
  until?: string;
  percent: number;
  refund?: Money;
}

interface Terms {
  /** Undefined while they are not known: nothing is shown. */
  steps: readonly RefundStep[] | undefined;
  zone: string;
  /** What holds besides. */
  note: string;
  /** Until when a step holds that no time ends. */
  always?: string;
}

/** Until when a cancellation refunds how much, as a card of an order form. */
export function RefundsCard(terms: Terms) {
  const { refunds } = useTexts(text);
  if (!terms.steps?.length) return null;
  return (
    <Card as="section" label={refunds}>
      <h2 className={css.title}>{refunds}</h2>
      <Refunds {...terms} />
    </Card>
  );
}

/** The same as a section of a page. */
export function RefundsSection(terms: Terms) {
  const { refunds } = useTexts(text);
  if (!terms.steps?.length) return null;
  return (
    <Section title={refunds}>
      <Refunds {...terms} />
    </Section>
  );
}

function Refunds({ steps = [], zone, note, always }: Terms) {
  const words = useTexts(text);
  const { money, lastDay } = useFormats();
  return (
    <>
      <ol className={css.steps}>
        {steps.map(({ until, percent, refund }) => (
          <li key={`${percent} ${until}`} className={classes(css.step, css[`step${percent}`])}>
            <span className={css.percent}>{percent}%</span>
            <b className={css.until}>{until ? words.until(lastDay(until, zone)) : (always ?? words.always)}</b>
            {refund && <span className={css.amount}>{money(refund)}</span>}
          </li>
        ))}
      </ol>
      <p className="muted small">{note}</p>
    </>
  );
}
