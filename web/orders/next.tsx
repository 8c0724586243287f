import { Icon } from '../kit/icon.tsx';
import { Link } from '../kit/link.tsx';
import { useFormats, useLanguage, useTexts, useWords } from '../text/language.ts';
import { businessOf, iconOf, type Order } from './kinds.ts';
import css from './next.module.css';
import { startOf, titleOf, whenOf } from './shown.ts';
import { useOrderState } from './state.ts';
import { text } from './text.ts';

/** What to look at first. The first is lifted where it begins within a day. */
export function NextOrders({ orders, now }: { orders: readonly Order[]; now: number }) {
  const words = useTexts(text);
  if (!orders.length) return null;
  return (
    <section aria-label={words.next}>
      <ul className={css.cards}>
        {orders.map((order, nth) => (
          <NextOrder key={order.id} order={order} soon={nth === 0 && (startOf(order) ?? Infinity) - now < 86_400_000} />
        ))}
      </ul>
    </section>
  );
}

function NextOrder({ order, soon }: { order: Order; soon: boolean }) {
  const words = useTexts(text);
  const { business } = useWords();
  const { language } = useLanguage();
  const format = useFormats();
  const { title } = useOrderState(order);
  const name = businessOf(order)?.name;
  return (
    <li className={soon ? `${css.card} ${css.soon}` : css.card}>
      <p className={css.kind}>
        <Icon name={iconOf(order)} size="small" />
        {name && business[name]}
      </p>
      <h2>{title}</h2>
      <p className={css.what}>
        {titleOf(order, language, words)}
        <br />
        {whenOf(order, format, words)}
      </p>
      <Link to="/orders/$id" params={{ id: order.id }} look="plain" className={css.see}>
        {words.see}
      </Link>
    </li>
  );
}
