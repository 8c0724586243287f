import { Card } from '../kit/card.tsx';
import { Timeline, type Step } from '../kit/timeline.tsx';
import { useFormats, useTexts } from '../text/language.ts';
import { businessOf, kindOf, type Order } from './kinds.ts';
import css from './order.module.css';
import { startOf, zoneOf } from './shown.ts';
import { useOrderState } from './state.ts';
import { comes, coming, happened } from './happened.ts';
import { text } from './text.ts';

const unsettled = ['RECEIVED', 'WAITING', 'CANCELLING'];
const failed = ['REJECTED', 'FAILED'];

/** What happened and what comes, in plain words. */
export function Story({ order }: { order: Order }) {
  const words = useTexts(text);
  const own = useTexts(happened);
  const future = useTexts(comes);
  const format = useFormats();
  const { why } = useOrderState(order);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const nameOf = (type: string): string => type.split('.').at(-1) ?? '';
  // Of a business that these pages know, its own events say it all. Of another one, everybody's do.
  const entries = order.timeline.filter(({ type }) => !businessOf(order) || own[nameOf(type)]);
  const last = entries.length - 1;
  const done = entries.map(({ type, at, text: general }, nth): Step => {
    const ends = nth === last;
    return {
      state: ends && failed.includes(order.phase) ? 'failed' : ends && unsettled.includes(order.phase) ? 'now' : 'done',
      title: own[nameOf(type)] ?? general,
      ...(at && { when: format.dateTime(at, zone) }),
      ...(ends && why && { text: why }),
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
