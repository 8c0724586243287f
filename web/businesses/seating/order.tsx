import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
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
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { answerOfCafe, cafeQuery, seatsQuery, select, type Cafe, type Seat } from './api.ts';
import css from './order.module.css';
import { Gone } from './pick.tsx';
import { isFree } from './seats.ts';
import { text } from './text.ts';
import { periodOf, possible, type Period, type Stay } from './times.ts';
import { totalOf } from './wish.ts';

const route = getRouteApi('/seating/$cafeId/order');

/** The last look before the order. What was chosen stands in the address, what was ticked in the browser: both outlive a reload. */
export function Order() {
  const words = useTexts(text);
  const { cafeId } = route.useParams();
  const search = route.useSearch();
  const cafe = useQuery(cafeQuery(cafeId));
  const stay = cafe.data && possible(search, cafe.data);
  return (
    <Page
      narrow
      title={words.orderTitle}
      lead={words.orderLead}
      crumbs={[
        <Link key="list" to="/seating" look="bare">
          {words.title}
        </Link>,
        <Link key="cafe" to="/seating/$cafeId" params={{ cafeId }} search={search} look="bare">
          {words.map}
        </Link>,
      ]}
    >
      {cafe.isError ? (
        <ErrorState onRetry={() => void cafe.refetch()} />
      ) : cafe.data && stay ? (
        <OrderOf cafe={cafe.data} stay={stay} seatId={search.seat} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

const Loading = () => (
  <Waiting>
    <Skeleton shape="box" />
  </Waiting>
);

function OrderOf({ cafe, stay, seatId }: { cafe: Cafe; stay: Stay; seatId: string | undefined }) {
  const words = useTexts(text);
  const navigate = route.useNavigate();
  const period = periodOf(stay, cafe.timeZone);
  const { data, isError, refetch } = useQuery({ ...seatsQuery(cafe.id, period), refetchInterval: 15_000 });
  if (isError) return <ErrorState onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const toMap = (
    <Link to="/seating/$cafeId" params={{ cafeId: cafe.id }} search={stay} look="plain" full>
      {words.otherSeat}
    </Link>
  );
  const seat = data.seats.find(({ id }) => id === seatId);
  if (!seat) return toMap;
  return (
    <OrderForm
      key={`${seat.id} ${period.start} ${period.end}`}
      {...{ cafe, stay, period, seat, toMap }}
      seats={data.seats}
      onChoose={(next) => void navigate({ search: { ...stay, seat: next.id }, replace: true })}
    />
  );
}

function OrderForm({
  cafe,
  stay,
  period,
  seat,
  seats,
  onChoose,
  toMap,
}: {
  cafe: Cafe;
  stay: Stay;
  period: Period;
  seat: Seat;
  seats: readonly Seat[];
  onChoose(seat: Seat): void;
  toMap: ReactNode;
}) {
  const words = useTexts(text);
  const { money, span } = useFormats();
  const { language } = useLanguage();
  const errorText = useErrorText();
  const router = useRouter();
  const client = useQueryClient();
  const { person, isKnown } = useSession();
  const form = `seating ${seat.id} ${period.start} ${period.end}`;
  const { key, renew } = useFormKey(form);
  const [agreed, setAgreed] = useKept<boolean>(`${form} agreed`, false);
  const [askedToAgree, setAskedToAgree] = useState(false);
  const total = totalOf(cafe.pricePerHour, stay.hours);

  const send = useMutation({
    mutationFn: async (agreedTotal: Money) =>
      answerOfCafe(await select({ cafeId: cafe.id, seatId: seat.id, period, agreedTotal }, key)),
    onSuccess: ({ id, status }) => {
      renew();
      void client.invalidateQueries({ queryKey: ['cafe', cafe.id] });
      if (status === 'REFUSED') return;
      setAgreed(false);
      router.history.push(`/orders/${id}`);
    },
    onError: (error) => {
      // A refusal is kept under its key: what is asked next is another order.
      if (error instanceof ApiError && !error.isPassing && error.status !== 401) renew();
      void client.invalidateQueries({ queryKey: ['cafe', cafe.id] });
    },
  });
  const failed = send.error instanceof ApiError ? send.error : undefined;
  const newTotal = failed?.reason === 'PRICE_CHANGED' ? totalIn(failed) : undefined;
  const isDone = send.data !== undefined && send.data.status !== 'REFUSED';
  const isGone = send.data?.status === 'REFUSED' || (!isFree(seat) && !send.isPending && !isDone);
  const amount = newTotal ?? total;
  const submit = (): void => {
    setAskedToAgree(!agreed);
    if (agreed && !send.isPending && !isGone && !isDone) send.mutate(amount);
  };

  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Card>
        <span className="muted small">{inLanguage(cafe.name, language)}</span>
        <h2 className={css.seat}>{words.seat(seat.label)}</h2>
        <p className="muted small">
          {[seat.features.map((each) => words.features[each]).join(' · ') || words.plain, cafe.address].join(' · ')}
        </p>
      </Card>
      <Card>
        <Values
          rows={[
            [words.time, span(period.start, period.end, cafe.timeZone)],
            [`${money(cafe.pricePerHour)} × ${words.hours(stay.hours)}`, money(total)],
          ]}
          total={[words.total, money(amount)]}
        />
      </Card>
      {isGone ? (
        <>
          <Gone gone={seat} seats={seats} onChoose={onChoose} />
          {toMap}
        </>
      ) : (
        <>
          <Notice tone="good" title={words.holdTitle}>
            {words.holdText}
          </Notice>
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
                <Button type="submit" look="primary" large full busy={send.isPending || isDone} isDisabled={!isKnown}>
                  {newTotal ? words.agreeNew(money(amount)) : words.pay(money(amount))}
                </Button>
              </div>
            </>
          )}
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
