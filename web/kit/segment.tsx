import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { Icon, type IconName } from './icon.tsx';
import css from './segment.module.css';

export interface Piece {
  id: string;
  label: ReactNode;
  icon?: IconName;
  count?: string;
  disabled?: boolean;
}

/** One of two to five. `chips` let the line scroll, and are for filters. */
export const Segment = ({
  label,
  pieces,
  value,
  onChange,
  chips = false,
}: {
  label: string;
  pieces: readonly Piece[];
  value: string;
  onChange(id: string): void;
  chips?: boolean;
}) => (
  <ToggleButtonGroup
    aria-label={label}
    selectionMode="single"
    disallowEmptySelection
    selectedKeys={[value]}
    onSelectionChange={([key]) => key !== undefined && onChange(String(key))}
    className={chips ? css.chips : css.segment}
  >
    {pieces.map(({ id, label: text, icon, count, disabled = false }) => (
      <ToggleButton key={id} id={id} isDisabled={disabled} className={chips ? css.chip : css.piece}>
        {icon && <Icon name={icon} />}
        {text}
        {count !== undefined && <span className={css.count}>{count}</span>}
      </ToggleButton>
    ))}
  </ToggleButtonGroup>
);

export const Tabs = ({
  label,
  tabs,
  value,
  onChange,
}: {
  label: string;
  tabs: readonly (Piece & { content: ReactNode })[];
  value?: string;
  onChange?(id: string): void;
}) => (
  <AriaTabs
    {...(value !== undefined && { selectedKey: value })}
    {...(onChange && { onSelectionChange: (key) => onChange(String(key)) })}
  >
    <TabList aria-label={label} className={css.tabs}>
      {tabs.map(({ id, label: text, count, disabled = false }) => (
        <Tab key={id} id={id} isDisabled={disabled} className={css.tab}>
          {text}
          {count !== undefined && <span className={css.badge}>{count}</span>}
        </Tab>
      ))}
    </TabList>
    {tabs.map(({ id, content }) => (
      <TabPanel key={id} id={id} className={css.panel}>
        {content}
      </TabPanel>
    ))}
  </AriaTabs>
);
