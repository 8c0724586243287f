import { classes } from '../../kit/classes.ts';
import { useFormats, useTexts } from '../../text/language.ts';
import type { RefundStep } from './api.ts';
import css from './refunds.module.css';
import { text } from './text.ts';

/** Until when a cancellation refunds how much, with dates of the room's place. */
export function Refunds({ steps, zone }: { steps: readonly RefundStep[]; zone: string }) {
  const words = useTexts(text);
  const { money, lastDay } = useFormats();
  return (
    <>
      <ol className={css.steps}>
        {steps.map(({ until, percent, refund }) => (
          <li key={`${percent} ${until}`} className={classes(css.step, css[`step${percent}`])}>
            <span className={css.percent}>{percent}%</span>
            <b className={css.until}>{until ? words.until(lastDay(until, zone)) : words.always}</b>
            <span className={css.amount}>{money(refund)}</span>
          </li>
        ))}
      </ol>
      <p className="muted small">{words.refundText}</p>
    </>
  );
}
