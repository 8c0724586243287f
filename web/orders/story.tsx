import { Card } from '../kit/card.tsx';
import { Timeline, type Step } from '../kit/timeline.tsx';
import { useFormats, useTexts } from '../text/language.ts';
import { here } from '../text/zone.ts';
import { businessOf, kindOf, type Order } from './kinds.ts';
import css from './order.module.css';
import { startOf, zoneOf } from './shown.ts';
import { useOrderState } from './state.ts';
import { comes, coming } from './coming.ts';
import { text } from './text.ts';

const unsettled = ['RECEIVED', 'WAITING', 'CANCELLING'];
const failed = ['REJECTED', 'FAILED'];

/** What happened and what comes, in plain words. */
export function Story({ order }: { order: Order }) {
  const words = useTexts(text);
  const future = useTexts(comes);
  const format = useFormats();
  const { reason } = useOrderState(order);
  const zone = here();
  // Of a business that these pages know, its own events say it all. Of another one, everybody's do.
  const context = kindOf(order).split('.')[0];
  const entries = order.timeline.filter(({ type }) => !businessOf(order) || type.startsWith(`jari.${context}.`));
  const last = entries.length - 1;
  const done = entries.map(({ at, text: title }, nth): Step => {
    const ends = nth === last;
    return {
      state: ends && failed.includes(order.phase) ? 'failed' : ends && unsettled.includes(order.phase) ? 'now' : 'done',
      title,
      ...(at && { when: format.dateTime(at, zone) }),
      ...(ends && reason && { text: reason }),
    };
  });
  const steps =
    coming[`${kindOf(order)} ${order.status}`] ?? (order.phase === 'CANCELLING' ? coming['CANCELLING'] : []) ?? [];
  const start = startOf(order);
  const todo = steps.map((step): Step => {
    const isPickUp = step === 'receive' && order.attributes['fulfilment'] === 'PICKUP';
    return {
      state: 'todo',
      title: future[isPickUp ? 'pickUp' : step],
      ...(['checkIn', 'use', 'lesson'].includes(step) &&
        start !== undefined && { when: format.dateTime(start, zoneOf(order)) }),
    };
  });
  return (
    <Card as="section" className={css.story}>
      <h2>{words.progress}</h2>
      <Timeline label={words.progress} steps={[...done, ...todo]} />
    </Card>
  );
}
