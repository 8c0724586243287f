import type { ReactNode } from 'react';
import { Card } from '../kit/card.tsx';
import css from './beside.module.css';

/** What is chosen, beside the page, and the way to the order. On a small screen that way stays at the bottom. */
export const Beside = ({
  label,
  go,
  goShort = go,
  note,
  short,
  shortDetail,
  children,
}: {
  label: string;
  /** The way to the order, once something is chosen. */
  go: ReactNode;
  /** The same in fewer words, for the bottom of a small screen. */
  goShort?: ReactNode;
  /** Said below it. */
  note?: string | undefined;
  /** What is chosen and what it costs, in one line. */
  short: ReactNode;
  shortDetail: ReactNode;
  children: ReactNode;
}) => (
  <>
    <Card as="aside" floats label={label} className={css.card}>
      {children}
      {go && (
        <div className={css.go}>
          {go}
          {note && <p className="muted small">{note}</p>}
        </div>
      )}
    </Card>
    {go && (
      <div className={css.bar} data-sticky-action>
        <div>
          <b>{short}</b>
          <span className="muted small">{shortDetail}</span>
        </div>
        <div>{goShort}</div>
      </div>
    )}
  </>
);
