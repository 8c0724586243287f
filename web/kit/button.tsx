import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaProps } from 'react-aria-components/Button';
import { useWords } from '../text/language.ts';
import { buttonClass, type Look } from './button-class.ts';
import { Icon, type IconName } from './icon.tsx';
import { Spinner } from './spinner.tsx';

export interface ButtonProps extends Omit<AriaProps, 'className' | 'style' | 'children' | 'isPending'> {
  look?: Look;
  large?: boolean;
  full?: boolean;
  /** Before the words; alone, the button needs an `aria-label`. */
  icon?: IconName;
  busy?: boolean;
  children?: ReactNode;
}

/** A busy button keeps its width and its focus, and does nothing more. */
export function Button({ look = 'plain', large, full, icon, busy = false, children, ...rest }: ButtonProps) {
  const words = useWords();
  return (
    <AriaButton {...rest} isPending={busy} className={buttonClass({ look, large, full, iconOnly: !children })}>
      {busy ? <Spinner label={words.kit.busy} /> : icon && <Icon name={icon} />}
      {children}
    </AriaButton>
  );
}
