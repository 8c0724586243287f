import type { ReactNode } from 'react';
import { Checkbox as AriaCheckbox, type CheckboxProps } from 'react-aria-components/Checkbox';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { Switch as AriaSwitch, type SwitchProps } from 'react-aria-components/Switch';
import css from './choice.module.css';
import { Below } from './field.tsx';
import field from './field.module.css';
import { Icon } from './icon.tsx';

type Own<Props> = Omit<Props, 'className' | 'style' | 'children'> & { children: ReactNode };

export const Checkbox = ({ children, ...rest }: Own<CheckboxProps>) => (
  <AriaCheckbox {...rest} className={css.check}>
    {({ isSelected, isIndeterminate }) => (
      <>
        <span className={css.box}>
          {isIndeterminate ? <Icon name="minus" size="small" /> : isSelected && <Icon name="check" size="small" />}
        </span>
        <span>{children}</span>
      </>
    )}
  </AriaCheckbox>
);

/** One of a few, all of them seen. */
export const Radios = ({
  label,
  options,
  value,
  onChange,
  error,
}: {
  label: string;
  options: readonly { id: string; label: ReactNode; detail?: ReactNode; disabled?: boolean }[];
  value: string | null;
  onChange(id: string): void;
  error?: string;
}) => (
  <RadioGroup value={value} onChange={onChange} isInvalid={error !== undefined} className={field.field}>
    <Label className={field.label}>{label}</Label>
    {options.map(({ id, label: text, detail, disabled = false }) => (
      <Radio key={id} value={id} isDisabled={disabled} className={css.check}>
        <span className={css.round} />
        <span>
          {text}
          {detail && <small className="muted"> {detail}</small>}
        </span>
      </Radio>
    ))}
    <Below error={error} />
  </RadioGroup>
);

export const Switch = ({ children, ...rest }: Own<SwitchProps>) => (
  <AriaSwitch {...rest} className={css.switch}>
    <span className={css.track} />
    <span>{children}</span>
  </AriaSwitch>
);
