import type { ReactNode } from 'react';
import { useWords } from '../text/language.ts';
import { classes } from './classes.ts';
import { Icon, type IconName } from './icon.tsx';
import css from './tag.module.css';

export const phases = [
  'RECEIVED',
  'WAITING',
  'ACTIVE',
  'DONE',
  'REJECTED',
  'FAILED',
  'CANCELLING',
  'CANCELLED',
] as const;
/** Where an order stands, as the API says it. */
export type Phase = (typeof phases)[number];

const icons: Readonly<Record<Phase, IconName | undefined>> = {
  RECEIVED: 'dot',
  WAITING: 'hour',
  ACTIVE: 'check',
  DONE: 'check',
  REJECTED: 'ban',
  FAILED: 'alert',
  CANCELLING: 'refresh',
  CANCELLED: undefined,
};

/** The business's own word for where an order stands; without, the general one. */
export function PhaseTag({ phase, children }: { phase: Phase; children?: ReactNode }) {
  const words = useWords();
  const icon = icons[phase];
  return (
    <span className={classes(css.tag, css[phase])}>
      {icon && <Icon name={icon} size="small" />}
      {children ?? words.phase[phase]}
    </span>
  );
}

export type Tone = 'neutral' | 'good' | 'wait' | 'bad' | 'info';

export const Tag = ({ tone = 'neutral', icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) => (
  <span className={classes(css.tag, css[tone])}>
    {icon && <Icon name={icon} size="small" />}
    {children}
  </span>
);
