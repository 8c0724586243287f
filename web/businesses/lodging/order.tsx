import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useErrorText } from '../../api/errors.ts';
import { useFormKey, useKept } from '../../api/form-key.ts';
import { ApiError } from '../../api/http.ts';
import { signInPath, useSession } from '../../api/session.ts';
import { Button } from '../../kit/button.tsx';
import { Card, Values } from '../../kit/card.tsx';
import { Checkbox } from '../../kit/choice.tsx';
import { Link, OuterLink } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page } from '../../kit/page.tsx';
import { Skeleton, Waiting } from '../../kit/skeleton.tsx';
import { ErrorState } from '../../kit/state.tsx';
import type { Money } from '../../text/formats.ts';
import { useFormats, useLanguage, useTexts, useWords } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { quoteQuery, reserve, stayQuery, takenQuery, type Stay } from './api.ts';
import { addDays, nightsBetween, todayIn } from './dates.ts';
import { NearDates } from './near-dates.tsx';
import { isFree } from './nights.ts';
import css from './order.module.css';
import { Refunds } from './refunds.tsx';
import { coverOf } from './pictures.ts';
import { text } from './text.ts';
import { totalOf } from './wish.ts';

const route = getRouteApi('/lodging/$roomId/order');

/** The last look before the request. What was chosen stands in the address, what was ticked in the browser: both outlive a reload. */
export function Order() {
  const words = useTexts(text);
  const { roomId } = route.useParams();
  const search = route.useSearch();
  const { data: stay, isError, refetch } = useQuery(stayQuery(roomId));
  const { check_in: from, check_out: to } = search;
  return (
    <Page
      narrow
      title={words.orderTitle}
      lead={words.orderLead}
      crumbs={[
        <Link key="list" to="/lodging" search={search} look="bare">
          {words.title}
        </Link>,
        <Link key="room" to="/lodging/$roomId" params={{ roomId }} search={search} look="bare">
          {words.about}
        </Link>,
      ]}
    >
      {isError ? (
        <ErrorState onRetry={() => void refetch()} />
      ) : !stay ? (
        <Waiting>
          <Skeleton shape="box" />
        </Waiting>
      ) : from && to ? (
        <OrderForm key={`${from} ${to}`} stay={stay} from={from} to={to} guests={search.guests ?? 1} />
      ) : (
        <Link to="/lodging/$roomId" params={{ roomId }} look="primary">
          {words.chooseDates}
        </Link>
      )}
    </Page>
  );
}

function OrderForm({ stay, from, to, guests }: { stay: Stay; from: string; to: string; guests: number }) {
  const words = useTexts(text);
  const { calendar } = useWords();
  const { money, day } = useFormats();
  const { language } = useLanguage();
  const errorText = useErrorText();
  const router = useRouter();
  const client = useQueryClient();
  const { person, isKnown } = useSession();
  const { room, property } = stay;
  const form = `lodging ${room.id} ${from} ${to} ${guests}`;
  const { key, renew } = useFormKey(form);
  const [agreed, setAgreed] = useKept<boolean>(`${form} agreed`, false);
  const [askedToAgree, setAskedToAgree] = useState(false);
  const today = todayIn(property.timeZone);
  const taken = useQuery(takenQuery(room.id, today, addDays(today, 365)));
  const quote = useQuery(quoteQuery(room.id, from, to, guests));
  // Without an answer the price of the list counts; another one is refused before anything is stored.
  const total = quote.data?.total ?? totalOf(room.pricePerNight, from, to);
  const nights = calendar.nights(nightsBetween(from, to));

  const send = useMutation({
    mutationFn: (agreedTotal: Money) =>
      reserve({ roomId: room.id, checkIn: from, checkOut: to, guests, agreedTotal }, key),
    onSuccess: ({ id }) => {
      renew();
      setAgreed(false);
      void client.invalidateQueries({ queryKey: ['room', room.id] });
      router.history.push(`/orders/${id}`);
    },
    onError: (error) => {
      // A refusal is kept under its key: what is asked next is another request.
      if (error instanceof ApiError && !error.isPassing && error.status !== 401) renew();
      void client.invalidateQueries({ queryKey: ['room', room.id] });
    },
  });
  const failed = send.error instanceof ApiError ? send.error : undefined;
  const newTotal = failed?.reason === 'PRICE_CHANGED' ? totalIn(failed) : undefined;
  const free = !taken.data || isFree(from, to, taken.data);
  const submit = (amount: Money): void => {
    setAskedToAgree(!agreed);
    if (agreed && !send.isPending) send.mutate(amount);
  };

  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit(newTotal ?? total);
      }}
    >
      <Card className={css.what}>
        <img src={coverOf(stay)} alt="" width={160} height={110} />
        <div>
          <span className="muted small">{inLanguage(property.name, language)}</span>
          <h2>{inLanguage(room.name, language)}</h2>
          <p className="muted small">{property.address}</p>
        </div>
      </Card>
      <Card>
        <Values
          rows={[
            [words.checkIn, day(from)],
            [words.checkOut, day(to)],
            [words.who, words.guests(guests)],
            [`${money(room.pricePerNight)} × ${nights}`, money(total)],
          ]}
          total={[words.total, money(newTotal ?? total)]}
        />
      </Card>
      {quote.data && quote.data.refundSteps.length > 0 && (
        <Card as="section" label={words.refunds}>
          <h2 className={css.part}>{words.refunds}</h2>
          <Refunds steps={quote.data.refundSteps} zone={property.timeZone} />
        </Card>
      )}
      {free ? (
        <Notice tone="good" title={room.instantBook ? words.atOnce : words.hostFirst}>
          {room.instantBook ? words.atOnceText : words.hostFirstText}
        </Notice>
      ) : (
        <NearDates stay={stay} wish={{ check_in: from, check_out: to, guests }} taken={taken.data ?? new Set()} />
      )}
      {newTotal && (
        <Notice live tone="wait" title={words.priceChanged}>
          {words.priceChangedText(money(newTotal))}
        </Notice>
      )}
      {send.error && !newTotal && (
        <Notice live tone="bad" title={words.notSent}>
          {errorText(send.error, words.reasons)} {failed?.isPassing && words.resend}
        </Notice>
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
            <Checkbox
              isSelected={agreed}
              onChange={(next) => {
                setAgreed(next);
                setAskedToAgree(false);
              }}
              isInvalid={askedToAgree}
            >
              {words.agree}
            </Checkbox>
            {askedToAgree && (
              <p role="alert" className={css.reason}>
                {words.agreeFirst}
              </p>
            )}
          </div>
          <div className={css.go}>
            <Button type="submit" look="primary" large full busy={send.isPending} isDisabled={!isKnown || !free}>
              {newTotal ? words.agreeNew : room.instantBook ? words.book : words.request}
            </Button>
            <p className="muted small">{words.notYet}</p>
          </div>
        </>
      )}
    </form>
  );
}

/** The total as it is now, of a refusal for the price. */
const totalIn = ({ metadata }: ApiError): Money | undefined =>
  metadata['total_units'] === undefined
    ? undefined
    : { currencyCode: metadata['total_currency'] ?? 'KRW', units: metadata['total_units'] };
