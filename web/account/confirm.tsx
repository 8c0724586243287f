import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useErrorText } from '../api/errors.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Notice } from '../kit/notice.tsx';
import { toast } from '../kit/toast.tsx';
import { useTexts } from '../text/language.ts';
import css from './account.module.css';
import { text } from './text.ts';

/** Asks before something is taken away, and says whether it was. */
export function Confirm({
  title,
  children,
  action,
  done,
  run,
  onClose,
}: {
  title: string;
  children: ReactNode;
  /** What the button does. */
  action: string;
  /** What is said once it is done. */
  done: string;
  run(): Promise<unknown>;
  onClose(): void;
}) {
  const words = useTexts(text);
  const errorText = useErrorText();
  const sending = useMutation({
    mutationFn: run,
    onSuccess: () => {
      toast({ text: done });
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      alert
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button large full autoFocus onPress={onClose}>
            {words.keep}
          </Button>
          <Button large full look="final" busy={sending.isPending} onPress={() => sending.mutate()}>
            {action}
          </Button>
        </>
      }
    >
      <div className={css.dialog}>
        <div>{children}</div>
        {sending.isError && (
          <Notice tone="bad" live title={words.failed}>
            <p>{errorText(sending.error)}</p>
          </Notice>
        )}
      </div>
    </Dialog>
  );
}
