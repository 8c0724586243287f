import { useState } from 'react';
import { Icon } from '../kit/icon.tsx';
import { Link } from '../kit/link.tsx';
import { PhaseTag, type Phase } from '../kit/tag.tsx';
import { useFormats, useLanguage, useTexts, useWords } from '../text/language.ts';
import { businessOf, iconOf, numberOf, type Order } from './kinds.ts';
import css from './row.module.css';
import { deadlineOf, isFree, isOver, titleOf, whenOf, zoneOf } from './shown.ts';
import { useOrderState } from './state.ts';
import { text } from './text.ts';

/** One order of the list; all of it leads to its page. */
export function OrderRow({ order }: { order: Order }) {
  const words = useTexts(text);
  const { business } = useWords();
  const { language } = useLanguage();
  const format = useFormats();
  const { word, why } = useOrderState(order);
  const name = businessOf(order)?.name;
  const [now] = useState(Date.now);
  const deadline = isOver(order) ? undefined : deadlineOf(order, now);
  const beside = isOver(order)
    ? why
    : deadline && deadline.what !== 'FREE_CANCELLATION_UNTIL'
      ? words.by(format.dateTime(deadline.at, zoneOf(order)))
      : '';
  return (
    <li className={css.row}>
      <span className={`${css.art} ${name ? css[name] : ''} ${isOver(order) ? css.over : ''}`}>
        <Icon name={iconOf(order)} />
      </span>
      <div className={css.what}>
        <p className="muted tiny">
          {name ? business[name] : order.order?.kind} · <span className={css.number}>{numberOf(order)}</span>
        </p>
        <h3 className={isOver(order) ? css.past : undefined}>
          <Link to="/orders/$id" params={{ id: order.id }} look="bare" className={css.link}>
            {titleOf(order, language, words)}
          </Link>
        </h3>
        <p className="muted small">{whenOf(order, format, words)}</p>
      </div>
      <div className={css.state}>
        <PhaseTag phase={order.phase as Phase}>{word}</PhaseTag>
        {beside && <p className="muted small">{beside}</p>}
      </div>
      <p className={css.amount}>
        {order.total && format.money(isFree(order) ? { ...order.total, units: '0' } : order.total)}
      </p>
      <span className={css.go}>
        <Icon name="right" />
      </span>
    </li>
  );
}
