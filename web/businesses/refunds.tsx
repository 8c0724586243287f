import { classes } from '../kit/classes.ts';
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

/** Until when a cancellation refunds how much, with dates of the zone, and what holds besides. */
export function Refunds({ steps, zone, note }: { steps: readonly RefundStep[]; zone: string; note: string }) {
  const words = useTexts(text);
  const { money, lastDay } = useFormats();
  return (
    <>
      <ol className={css.steps}>
        {steps.map(({ until, percent, refund }) => (
          <li key={`${percent} ${until}`} className={classes(css.step, css[`step${percent}`])}>
            <span className={css.percent}>{percent}%</span>
            <b className={css.until}>{until ? words.until(lastDay(until, zone)) : words.always}</b>
            {refund && <span className={css.amount}>{money(refund)}</span>}
          </li>
        ))}
      </ol>
      <p className="muted small">{note}</p>
    </>
  );
}
