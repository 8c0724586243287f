import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { queryClient } from '../api/client.ts';
import { useErrorText } from '../api/errors.ts';
import { orderKey } from '../api/live.ts';
import { Button } from '../kit/button.tsx';
import { Values } from '../kit/card.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field } from '../kit/field.tsx';
import { Icon } from '../kit/icon.tsx';
import { Notice } from '../kit/notice.tsx';
import { Skeleton, Waiting } from '../kit/skeleton.tsx';
import { toast } from '../kit/toast.tsx';
import { useFormats, useTexts } from '../text/language.ts';
import { asAmount, nothing } from '../text/money.ts';
import css from './cancel.module.css';
import type { CancelsAs } from './canceller.ts';
import { businessOf, type CancelPreview, type Order } from './kinds.ts';
import { isOver } from './shown.ts';
import { text } from './text.ts';

interface CancelProps {
  order: Order;
  as: CancelsAs;
  subtitle: string;
  onClose(): void;
}

/**
 * Shows what a cancellation refunds, and only then offers it. Pressed twice, it is done once: the key lives as long as the dialog and its text.
 * Who is not its customer says why.
 */
export function CancelDialog({ order, as, subtitle, onClose }: CancelProps) {
  const words = useTexts(text);
  const errorText = useErrorText();
  const cancel = businessOf(order)?.cancel;
  const isOwn = as === 'CUSTOMER';
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [why, setWhy] = useState('');
  const [isTried, setTried] = useState(false);
  const sent = useRef(false);
  const preview = useQuery({
    queryKey: ['cancelPreview', order.id, order.status],
    queryFn: () => cancel?.preview(order.id) ?? Promise.reject(new Error('this business cannot be cancelled here')),
    staleTime: 0,
    gcTime: 0,
    enabled: isOwn,
  });
  const refund = isOwn ? preview.data : inFull(order);
  const sending = useMutation({
    mutationFn: () =>
      cancel?.send(order.id, key, why.trim()) ?? Promise.reject(new Error('this business cannot be cancelled here')),
    onSuccess: () => {
      toast({ text: words.cancelBegan });
      void queryClient.invalidateQueries({ queryKey: orderKey(order.id) });
      void queryClient.invalidateQueries({ queryKey: ['orders'] });
      onClose();
    },
    onError: () => (sent.current = false),
  });
  const press = (): void => {
    if (sent.current) return;
    if (!isOwn && !why.trim()) return setTried(true);
    sent.current = true;
    sending.mutate();
  };
  return (
    <Dialog
      isOpen
      alert
      onClose={onClose}
      title={words.cancelTitle}
      actions={
        <>
          <Button large full autoFocus onPress={onClose}>
            {words.keep}
          </Button>
          <Button large full look="final" busy={sending.isPending} isDisabled={!refund} onPress={press}>
            {words.confirm}
          </Button>
        </>
      }
    >
      <div className={css.content}>
        <p className="muted small">{subtitle}</p>
        {refund ? (
          <Preview preview={refund} isOwn={isOwn} isLate={isOver(order)} />
        ) : preview.isError ? (
          <Notice tone="bad" live action={<Button onPress={() => void preview.refetch()}>{words.again}</Button>}>
            <p>{errorText(preview.error, { UNAVAILABLE: words.previewFailed })}</p>
          </Notice>
        ) : (
          <Waiting>
            <div className={css.box}>
              <Skeleton />
              <Skeleton />
              <Skeleton shape="title" />
            </div>
          </Waiting>
        )}
        {!isOwn && (
          <Field
            label={words.reasonLabel}
            hint={words.reasonHint}
            value={why}
            onChange={(next) => {
              setWhy(next);
              setKey(crypto.randomUUID());
            }}
            multiline
            counted
            isRequired
            maxLength={500}
            error={isTried && !why.trim() ? words.reasonFirst : undefined}
          />
        )}
        {sending.isError && (
          <Notice tone="bad" live title={words.notCancelled}>
            <p>{errorText(sending.error)}</p>
          </Notice>
        )}
      </div>
    </Dialog>
  );
}

/** Whoever is not its customer refunds all that was paid. */
const inFull = ({ paymentStatus, total }: Order): CancelPreview => {
  const paid = paymentStatus === 'COMPLETED' ? asAmount(total) : nothing;
  return { paid, refund: paid, percent: 100, reason: paymentStatus === 'COMPLETED' ? 'IN_FULL' : 'NOTHING_PAID' };
};

function Preview({ preview, isOwn, isLate }: { preview: CancelPreview; isOwn: boolean; isLate: boolean }) {
  const { paid, refund, percent, reason } = preview;
  const words = useTexts(text);
  const { money, percent: share } = useFormats();
  const amount = (value: CancelPreview['paid']): string => (value ? money(value) : '');
  const days = /^DAYS_BEFORE_(\d+)$/.exec(reason)?.[1];
  const policy = days ? words.daysBefore(Number(days)) : (isOwn ? words.policy : words.policyOfOthers)[reason];
  return (
    <>
      <div className={css.box}>
        <Values
          rows={[
            [words.paidNothing, amount(paid)],
            [words.share, share(percent / 100)],
          ]}
          total={[isOwn ? words.refund : words.refundOfCustomer, <span key="refund">{amount(refund)}</span>]}
        />
      </div>
      <ul className={css.notes}>
        {policy && (
          <li>
            <Icon name="calendar" />
            {policy}
          </li>
        )}
        <li>
          <Icon name="back" />
          {isOwn ? words.released : isLate ? words.untilPaidOut : words.releasedForCustomer}
        </li>
      </ul>
    </>
  );
}
