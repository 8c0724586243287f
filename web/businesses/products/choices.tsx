import type { ReactNode } from 'react';
import { classes } from '../../kit/classes.ts';
import { Icon, type IconName } from '../../kit/icon.tsx';
import css from './choices.module.css';

export interface Choice {
  id: string;
  title: string;
  detail?: ReactNode;
  icon?: IconName;
  /** A spot of this colour before the words. */
  spot?: string;
  disabled?: boolean;
}

/** One of a few, each a card: the browser's own radio buttons, so that arrow keys and readers of screens know them. */
export const Choices = ({
  legend,
  name,
  choices,
  value,
  onChange,
  columns = 3,
}: {
  legend: string;
  name: string;
  choices: readonly Choice[];
  value: string;
  onChange(id: string): void;
  columns?: 2 | 3 | 4;
}) => (
  <fieldset className={css.set}>
    <legend>{legend}</legend>
    <div className={classes(css.choices, css[`columns${columns}`])}>
      {choices.map(({ id, title, detail, icon, spot, disabled = false }) => (
        <label key={id} className={css.choice}>
          <input
            type="radio"
            name={name}
            value={id}
            checked={id === value}
            disabled={disabled}
            onChange={() => onChange(id)}
          />
          {spot && <span className={css.spot} style={{ background: spot }} />}
          {icon && <Icon name={icon} />}
          <span className={css.words}>
            <b>{title}</b>
            {detail && <span className="muted small">{detail}</span>}
          </span>
          <span className={css.tick}>
            <Icon name="check" />
          </span>
        </label>
      ))}
    </div>
  </fieldset>
);
