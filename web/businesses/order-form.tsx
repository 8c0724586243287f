import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useErrorText } from '../api/errors.ts';
import { useFormKey, useKept } from '../api/form-key.ts';
import { ApiError } from '../api/http.ts';
import { signInPath, useSession } from '../api/session.ts';
import { Button } from '../kit/button.tsx';
import { Checkbox } from '../kit/choice.tsx';
import { Link, OuterLink } from '../kit/link.tsx';
import { Notice } from '../kit/notice.tsx';
import type { Money } from '../text/formats.ts';
import { useFormats, useTexts } from '../text/language.ts';
import css from './order-form.module.css';
import { text } from './order-text.ts';

interface Wish<Made> {
  /** Names what is ordered. The key and the tick are kept under it, so that they outlive a reload and a sign-in. */
  form: string;
  /** What it costs, as the page knows it. */
  total: Money;
  send(agreedTotal: Money, key: string): Promise<Made>;
  /** Queries that are out of date after an answer. */
  changes: QueryKey;
  /** The answer says that the thing was gone: no order is followed then. */
  isRefused?(made: Made): boolean;
}

/** One order from a form: pressing twice, a reload or a lost answer makes one. The page of the order follows. */
export function useOrder<Made extends { id: string }>({ form, total, send, changes, isRefused }: Wish<Made>) {
  const router = useRouter();
  const client = useQueryClient();
  const { key, renew } = useFormKey(form);
  const [agreed, setAgreed] = useKept<boolean>(`${form} agreed`, false);
  const [askedToAgree, setAskedToAgree] = useState(false);
  const sending = useMutation({
    mutationFn: (agreedTotal: Money) => send(agreedTotal, key),
    onSuccess: (made) => {
      renew();
      void client.invalidateQueries({ queryKey: changes });
      if (isRefused?.(made)) return;
      setAgreed(false);
      router.history.push(`/orders/${made.id}`);
    },
    onError: (error) => {
      // A refusal is kept under its key: what is asked next is another order.
      if (error instanceof ApiError && !error.isPassing && error.status !== 401) renew();
      void client.invalidateQueries({ queryKey: changes });
    },
  });
  const failed = sending.error instanceof ApiError ? sending.error : undefined;
  const newTotal = failed?.reason === 'PRICE_CHANGED' ? totalIn(failed) : undefined;
  const refused = sending.data !== undefined && isRefused?.(sending.data) === true;
  const isDone = sending.data !== undefined && !refused;
  return {
    /** What is agreed to by pressing: the price of a refusal once it named one. */
    total: newTotal ?? total,
    isNewTotal: newTotal !== undefined,
    isPending: sending.isPending,
    /** Ordered: the page of the order is on its way. */
    isDone,
    /** The thing was gone. */
    refused,
    error: sending.error,
    agreed,
    askedToAgree,
    agree: (next: boolean): void => {
      setAgreed(next);
      setAskedToAgree(false);
    },
    submit: (): void => {
      setAskedToAgree(!agreed);
      if (agreed && !sending.isPending && !isDone) sending.mutate(newTotal ?? total);
    },
  };
}

type Order = ReturnType<typeof useOrder>;

export const OrderForm = ({ order, children }: { order: Order; children: ReactNode }) => (
  <form
    className={css.form}
    onSubmit={(event) => {
      event.preventDefault();
      order.submit();
    }}
  >
    {children}
  </form>
);

interface FootProps {
  order: Order;
  /** What one agrees to. */
  agree: string;
  /** What the button does. */
  label: string;
  /** Said below the button. */
  note?: string;
  /** Until when it is held if it is ordered now, in words of the page's zone. */
  heldUntil?: string | undefined;
  /** Words of this business for the reasons that it knows better. */
  reasons: Readonly<Record<string, string>>;
  isDisabled?: boolean;
}

/** The end of the form: what went wrong, and either the way to the sign-in or the consent and the button. */
export function OrderFoot({ order, agree, label, note, heldUntil, reasons, isDisabled = false }: FootProps) {
  const words = useTexts(text);
  const { money } = useFormats();
  const errorText = useErrorText();
  const { person, isKnown } = useSession();
  const isUnverified = order.error instanceof ApiError && order.error.reason === 'VERIFY_FIRST';
  return (
    <>
      {order.isNewTotal ? (
        <Notice live tone="wait" title={words.priceChanged}>
          {words.priceChangedText(money(order.total))}
        </Notice>
      ) : (
        order.error && (
          <Notice
            live
            tone="bad"
            title={words.notSent}
            action={isUnverified && <Link to="/account">{words.toAccount}</Link>}
          >
            {errorText(order.error, reasons)} {order.error instanceof ApiError && order.error.isPassing && words.resend}
          </Notice>
        )
      )}
      {isKnown && !person ? (
        <div className={css.go}>
          <OuterLink href={signInPath()} look="primary" large full>
            {words.signIn}
          </OuterLink>
          <p className="muted small">{words.signInText}</p>
        </div>
      ) : (
        <>
          <div>
            <Checkbox isSelected={order.agreed} onChange={order.agree} isInvalid={order.askedToAgree}>
              {agree}
            </Checkbox>
            {order.askedToAgree && (
              <p role="alert" className={css.reason}>
                {words.agreeFirst}
              </p>
            )}
          </div>
          <div className={css.go}>
            <Button
              type="submit"
              look="primary"
              large
              full
              busy={order.isPending || order.isDone}
              isDisabled={!isKnown || isDisabled}
            >
              {label}
            </Button>
            {note && <p className="muted small">{note}</p>}
            {heldUntil && <p className="muted small">{words.heldUntil(heldUntil)}</p>}
          </div>
        </>
      )}
    </>
  );
}

/** The total as it is now, of a refusal for the price. */
const totalIn = ({ metadata }: ApiError): Money | undefined =>
  metadata['total_units'] === undefined
    ? undefined
    : { currencyCode: metadata['total_currency'] ?? 'KRW', units: metadata['total_units'] };
