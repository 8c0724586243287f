import { useId, useState, type ReactNode } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Group } from 'react-aria-components/Group';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { NumberField } from 'react-aria-components/NumberField';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField, type TextFieldProps } from 'react-aria-components/TextField';
import { useFormats, useWords } from '../text/language.ts';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import css from './field.module.css';
import { Icon } from './icon.tsx';

/** The reason stands below the field, and in place of the hint. */
export const Below = ({
  hint,
  error,
  count,
}: {
  hint?: ReactNode;
  error?: string | undefined;
  count?: string | undefined;
}) => (
  <>
    {(hint || count) && (
      <span className={css.below}>
        {hint && !error && (
          <Text slot="description" className={css.hint}>
            {hint}
          </Text>
        )}
        {count && <span className={css.count}>{count}</span>}
      </span>
    )}
    <FieldError className={css.error}>
      {({ validationErrors }) => (
        <>
          <Icon name="alert" size="small" />
          {error ?? validationErrors.join(' ')}
        </>
      )}
    </FieldError>
  </>
);

export interface FieldProps extends Omit<TextFieldProps, 'className' | 'style' | 'children' | 'isInvalid'> {
  label: ReactNode;
  hint?: ReactNode;
  /** Why what stands there cannot be taken. */
  error?: string | undefined;
  placeholder?: string;
  /** A unit behind the value. */
  affix?: ReactNode;
  multiline?: boolean;
  /** Shows how much is used of `maxLength`. */
  counted?: boolean;
}

export function Field({ label, hint, error, placeholder, affix, multiline, counted, ...rest }: FieldProps) {
  const { number } = useFormats();
  const used = (rest.value ?? rest.defaultValue ?? '').length;
  const count = counted && rest.maxLength ? `${number(used)} / ${number(rest.maxLength)}` : undefined;
  return (
    <TextField {...rest} isInvalid={error !== undefined} className={css.field}>
      <Label className={css.label}>{label}</Label>
      {multiline ? (
        <TextArea className={classes(css.input, css.area)} placeholder={placeholder} />
      ) : affix ? (
        <Group className={classes(css.input, css.group)}>
          <Input className={css.bare} placeholder={placeholder} />
          <span className={css.affix}>{affix}</span>
        </Group>
      ) : (
        <Input className={css.input} placeholder={placeholder} />
      )}
      <Below hint={hint} error={error} count={count} />
    </TextField>
  );
}

export function PasswordField(props: Omit<FieldProps, 'multiline' | 'affix' | 'type'>) {
  const { label, hint, error, placeholder, ...rest } = props;
  const words = useWords();
  const [shown, setShown] = useState(false);
  return (
    <TextField {...rest} type={shown ? 'text' : 'password'} isInvalid={error !== undefined} className={css.field}>
      <Label className={css.label}>{label}</Label>
      <Group className={classes(css.input, css.group)}>
        <Input className={css.bare} placeholder={placeholder} />
        <Button
          look="quiet"
          icon={shown ? 'eyeOff' : 'eye'}
          aria-label={shown ? words.kit.hidePassword : words.kit.showPassword}
          onPress={() => setShown(!shown)}
        />
      </Group>
      <Below hint={hint} error={error} />
    </TextField>
  );
}

/** A small number between two buttons. `what` is counted: 인원, guests. */
export function Stepper({
  label,
  what,
  value,
  onChange,
  min = 0,
  max = 99,
  isDisabled = false,
  plain = false,
}: {
  label: string;
  what?: string;
  value: number;
  onChange(value: number): void;
  min?: number;
  max?: number;
  isDisabled?: boolean;
  /** Within a card that has a frame already; the label is for readers of screens only. */
  plain?: boolean;
}) {
  const words = useWords();
  const id = useId();
  const counted = what ?? label;
  return (
    <NumberField
      value={value}
      onChange={(next) => !Number.isNaN(next) && onChange(next)}
      minValue={min}
      maxValue={max}
      isDisabled={isDisabled}
      className={classes(css.field, plain && css.inline)}
    >
      <Label id={id} className={plain ? 'sr' : css.label}>
        {label}
      </Label>
      <Group className={css.stepper}>
        <Button slot="decrement" look={plain ? 'quiet' : 'plain'} icon="minus" aria-label={words.kit.fewer(counted)} />
        <Input className={css.number} />
        <Button slot="increment" look={plain ? 'quiet' : 'plain'} icon="plus" aria-label={words.kit.more(counted)} />
      </Group>
    </NumberField>
  );
}
