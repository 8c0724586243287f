import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { classes } from './classes.ts';
import { Icon, type IconName } from './icon.tsx';
import popover from './popover.module.css';

export interface MenuEntry {
  id: string;
  label: string;
  icon?: IconName;
  detail?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  onChoose(): void;
}

/** `trigger` is one Button of the kit. */
export const Menu = ({ trigger, entries }: { trigger: ReactNode; entries: readonly MenuEntry[] }) => (
  <MenuTrigger>
    {trigger}
    <Popover className={popover.popover} placement="bottom end">
      <AriaMenu items={entries} onAction={(key) => entries.find(({ id }) => id === key)?.onChoose()}>
        {({ label, icon, detail, danger, disabled = false }) => (
          <MenuItem
            textValue={label}
            isDisabled={disabled}
            className={classes(popover.option, danger && popover.danger)}
          >
            {icon && <Icon name={icon} />}
            <span className={popover.optionLabel}>{label}</span>
            {detail && <span className={popover.detail}>{detail}</span>}
          </MenuItem>
        )}
      </AriaMenu>
    </Popover>
  </MenuTrigger>
);
