import type { ReactNode } from 'react';
import css from './card.module.css';
import { classes } from './classes.ts';

/** What belongs together. `floats` lifts it off the page. */
export const Card = ({
  as: Element = 'div',
  floats,
  flush,
  label,
  className,
  children,
}: {
  as?: 'div' | 'section' | 'aside' | 'article' | 'li';
  floats?: boolean;
  /** Without padding: the content reaches the edge. */
  flush?: boolean;
  label?: string;
  className?: string | undefined;
  children: ReactNode;
}) => (
  <Element className={classes(css.card, floats && css.floats, flush && css.flush, className)} aria-label={label}>
    {children}
  </Element>
);

/** Names and values; the last is the total. */
export const Values = ({
  rows,
  total,
}: {
  rows: readonly (readonly [name: ReactNode, value: ReactNode])[];
  total?: readonly [name: ReactNode, value: ReactNode];
}) => (
  <dl className={css.values}>
    {rows.map(([name, value], index) => (
      <div key={index}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
    {total && (
      <div className={css.total}>
        <dt>{total[0]}</dt>
        <dd>{total[1]}</dd>
      </div>
    )}
  </dl>
);
