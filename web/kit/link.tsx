import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react';
import { buttonClass, type Look } from './button-class.ts';
import { classes } from './classes.ts';
import { Icon, type IconName } from './icon.tsx';
import css from './link.module.css';

interface Own extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'className' | 'style'> {
  ref?: Ref<HTMLAnchorElement>;
  /** bare: only what it holds shows, as in a card. */
  look?: 'text' | 'bare' | Look;
  large?: boolean;
  full?: boolean;
  icon?: IconName;
  className?: string | undefined;
  children?: ReactNode;
}

function Anchor({ look = 'text', large, full, icon, className, children, ...rest }: Own) {
  const own =
    look === 'text' ? css.text : look === 'bare' ? css.bare : buttonClass({ look, large, full, iconOnly: !children });
  return (
    <a {...rest} className={classes(own, className)}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  );
}

/** To a page of ours: `<Link to="/lodging" look="primary">`. It loads the page as soon as a pointer comes near. */
export const Link: LinkComponent<typeof Anchor> = createLink(Anchor);

/** To anywhere else, or a page that the server answers. */
export const OuterLink = Anchor;
