import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import css from './dialog.module.css';

/**
 * Asks something, and is a bottom sheet on small screens. Esc closes it. `actions`: the safe one first, with `autoFocus`; their words name the
 * deed.
 */
export const Dialog = ({
  isOpen,
  onClose,
  title,
  actions,
  wide = false,
  alert = false,
  children,
}: {
  isOpen: boolean;
  onClose(): void;
  title: string;
  actions?: ReactNode;
  wide?: boolean;
  /** It must be answered: a press beside it does not close it. */
  alert?: boolean;
  children?: ReactNode;
}) => (
  <ModalOverlay
    isOpen={isOpen}
    onOpenChange={(open) => !open && onClose()}
    isDismissable={!alert}
    className={css.scrim}
  >
    <Modal className={wide ? `${css.modal} ${css.wide}` : css.modal}>
      <AriaDialog role={alert ? 'alertdialog' : 'dialog'} className={css.dialog}>
        <Heading slot="title" className={css.title}>
          {title}
        </Heading>
        {children}
        {actions && <div className={css.actions}>{actions}</div>}
      </AriaDialog>
    </Modal>
  </ModalOverlay>
);
