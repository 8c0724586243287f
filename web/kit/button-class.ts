import css from './button.module.css';
import { classes } from './classes.ts';

/** primary: once in a view; danger asks for something that destroys, final does it. */
export type Look = 'primary' | 'plain' | 'quiet' | 'danger' | 'final';

/** How a button looks; links and plain elements may look so as well. */
export const buttonClass = ({
  look = 'plain',
  large,
  full,
  iconOnly,
}: {
  look?: Look | undefined;
  large?: boolean | undefined;
  full?: boolean | undefined;
  iconOnly?: boolean | undefined;
}): string => classes(css.button, css[look], large && css.large, full && css.full, iconOnly && css.iconOnly);
