import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import { Icon, type IconName } from './icon.tsx';
import css from './notice.module.css';
import type { Tone } from './tag.tsx';

const icons: Readonly<Record<Tone, IconName>> = {
  neutral: 'info',
  good: 'shield',
  wait: 'hour',
  bad: 'alert',
  info: 'info',
};

/** What is happening, what is safe, what to do. `live`: it came while the page was open, and is read out. */
export const Notice = ({
  tone = 'neutral',
  icon,
  title,
  live,
  action,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  title?: ReactNode;
  live?: boolean;
  action?: ReactNode;
  children?: ReactNode;
}) => (
  <div className={classes(css.notice, css[tone])} role={live ? (tone === 'bad' ? 'alert' : 'status') : undefined}>
    <Icon name={icon ?? icons[tone]} />
    <div>
      {title && <strong>{title}</strong>}
      {children}
      {action && <div className={css.action}>{action}</div>}
    </div>
  </div>
);
