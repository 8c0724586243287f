import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox } from 'react-aria-components/ComboBox';
import { Group } from 'react-aria-components/Group';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import { useWords } from '../text/language.ts';
import { classes } from './classes.ts';
import { Below } from './field.tsx';
import field from './field.module.css';
import { Icon } from './icon.tsx';
import popover from './popover.module.css';
import css from './select.module.css';

export interface Option {
  id: string;
  label: string;
  /** Smaller, at the end of the line. */
  detail?: ReactNode;
  disabled?: boolean;
}

interface Shared {
  label: string;
  options: readonly Option[];
  value: string | null;
  onChange(id: string): void;
  hint?: ReactNode;
  error?: string | undefined;
  isDisabled?: boolean;
  placeholder?: string;
}

/** One of a few. `plain`: within a frame that is there already. */
export function Select({
  label,
  options,
  value,
  onChange,
  hint,
  error,
  isDisabled = false,
  placeholder,
  plain = false,
}: Shared & { plain?: boolean }) {
  const words = useWords();
  return (
    <AriaSelect
      selectedKey={value}
      onSelectionChange={(key) => key !== null && onChange(String(key))}
      isInvalid={error !== undefined}
      isDisabled={isDisabled}
      placeholder={placeholder ?? words.kit.choose}
      className={classes(field.field, plain && css.plain)}
    >
      <Label className={plain ? css.small : field.label}>{label}</Label>
      <Button className={plain ? css.bare : classes(field.input, css.button)}>
        <SelectValue<Option> className={css.value}>
          {({ selectedText, isPlaceholder, defaultChildren }) => (isPlaceholder ? defaultChildren : selectedText)}
        </SelectValue>
        <Icon name="down" />
      </Button>
      <Below hint={hint} error={error} />
      <Popover className={popover.popover}>
        <ListBoxOf options={options} />
      </Popover>
    </AriaSelect>
  );
}

const ListBoxOf = ({ options }: { options: readonly Option[] }) => (
  <ListBox<Option> className={css.list} items={options}>
    {optionItem}
  </ListBox>
);

const optionItem = ({ id, label, detail, disabled = false }: Option) => (
  <ListBoxItem id={id} textValue={label} isDisabled={disabled} className={popover.option}>
    {({ isSelected }) => (
      <>
        <span className={popover.optionLabel}>{label}</span>
        {detail && <span className={popover.detail}>{detail}</span>}
        {isSelected && (
          <span className={popover.mark}>
            <Icon name="check" size="small" />
          </span>
        )}
      </>
    )}
  </ListBoxItem>
);

/** One of many, found by typing. `free`: what is typed may be taken as it is. */
export function Combobox({
  label,
  options,
  value,
  onChange,
  text,
  onText,
  hint,
  error,
  isDisabled = false,
  placeholder,
  free = false,
  loading = false,
  plain = false,
}: Shared & { text?: string; onText?(text: string): void; free?: boolean; loading?: boolean; plain?: boolean }) {
  const words = useWords();
  return (
    <ComboBox<Option>
      defaultItems={options}
      selectedKey={value}
      onSelectionChange={(key) => key !== null && onChange(String(key))}
      {...(text !== undefined && { inputValue: text })}
      {...(onText && { onInputChange: onText })}
      allowsCustomValue={free}
      allowsEmptyCollection
      isInvalid={error !== undefined}
      isDisabled={isDisabled}
      menuTrigger="focus"
      className={classes(field.field, plain && css.plain)}
    >
      <Label className={plain ? css.small : field.label}>{label}</Label>
      <Group className={plain ? css.bareGroup : classes(field.input, field.group)}>
        {!plain && <Icon name="search" />}
        <Input className={classes(field.bare, !plain && css.after)} placeholder={placeholder} />
        <Button className={css.opener} aria-label={words.kit.open}>
          <Icon name="down" />
        </Button>
      </Group>
      <Below hint={hint} error={error} />
      <Popover className={popover.popover}>
        <ListBox<Option>
          className={css.list}
          renderEmptyState={() => <div className={popover.none}>{loading ? words.kit.loading : words.kit.noMatch}</div>}
        >
          {optionItem}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
