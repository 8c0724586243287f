import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { Icon, type IconName } from './icon.tsx';
import css from './timeline.module.css';

export interface Step {
  state: 'done' | 'now' | 'failed' | 'todo';
  title: ReactNode;
  /** At the end of the line: when it was, or will be. */
  when?: ReactNode;
  text?: ReactNode;
}

const icons: Readonly<Record<Step['state'], IconName | undefined>> = {
  done: 'check',
  now: 'hour',
  failed: 'close',
  todo: undefined,
};

/** What happened to an order, what happens now, and what comes. */
export const Timeline = ({ steps, label }: { steps: readonly Step[]; label: string }) => (
  <ol className={css.line} aria-label={label}>
    {steps.map(({ state, title, when, text }, index) => {
      const icon = icons[state];
      return (
        <li key={index} className={css[state]} aria-current={state === 'now' ? 'step' : undefined}>
          <span className={css.point}>{icon && <Icon name={icon} size="small" />}</span>
          <b className={css.title}>{title}</b>
          {when && <span className={css.when}>{when}</span>}
          {text && <p className={classes(css.text)}>{text}</p>}
        </li>
      );
    })}
  </ol>
);
