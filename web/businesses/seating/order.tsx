import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Card, Values } from '../../kit/card.tsx';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page } from '../../kit/page.tsx';
import { Skeleton, Waiting } from '../../kit/skeleton.tsx';
import { ErrorState } from '../../kit/state.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { CardChoice, useCard } from '../card-choice.tsx';
import { NotAvailable } from '../not-available.tsx';
import { OrderFoot, OrderForm, useOrder } from '../order-form.tsx';
import { RefundsCard } from '../refunds.tsx';
import { answerOfCafe, cafeQuery, quoteQuery, seatsQuery, select, type Cafe, type Seat } from './api.ts';
import css from './order.module.css';
import { Gone } from './pick.tsx';
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
  const { data, isError, refetch } = useQuery(seatsQuery(cafe.id, period));
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
    <SeatOrder
      key={`${seat.id} ${period.start} ${period.end}`}
      {...{ cafe, stay, period, seat, toMap }}
      onChoose={(id) => void navigate({ search: { ...stay, seat: id }, replace: true })}
    />
  );
}

function SeatOrder({
  cafe,
  stay,
  period,
  seat,
  onChoose,
  toMap,
}: {
  cafe: Cafe;
  stay: Stay;
  period: Period;
  seat: Seat;
  onChoose(id: string): void;
  toMap: ReactNode;
}) {
  const words = useTexts(text);
  const { money, span, dateTime } = useFormats();
  const { language } = useLanguage();
  const card = useCard();
  const { data: quote } = useQuery(quoteQuery(cafe.id, seat.id, period));
  // Without an answer the price of the cafe counts; another one is refused before anything is stored.
  const total = quote?.total ?? totalOf(cafe.pricePerHour, stay.hours);
  const perHour = quote?.lines[0]?.unitPrice ?? cafe.pricePerHour;
  const order = useOrder({
    form: `seating ${seat.id} ${period.start} ${period.end}`,
    total,
    send: async (agreedTotal, key) =>
      answerOfCafe(
        await select({ cafeId: cafe.id, seatId: seat.id, period, agreedTotal, paymentMethodId: card.id }, key),
      ),
    changes: ['cafe', cafe.id],
    isRefused: ({ status }) => status === 'REFUSED',
  });
  const refusal = quote?.available === false && !order.isPending && !order.isDone ? quote.reason : undefined;
  const isGone = order.refused || refusal === 'SEAT_TAKEN' || refusal === 'SEAT_BLOCKED';
  const amount = money(order.total);

  return (
    <OrderForm order={order}>
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
            [`${money(perHour)} × ${words.hours(stay.hours)}`, money(total)],
          ]}
          total={[words.total, amount]}
        />
      </Card>
      {isGone ? (
        <>
          <Gone
            gone={seat}
            others={refusal ? quote?.alternatives.map(({ seatId: id, label }) => ({ id, label })) : undefined}
            onChoose={onChoose}
          />
          {toMap}
        </>
      ) : refusal ? (
        <>
          <NotAvailable reason={refusal} reasons={words.reasons} />
          {toMap}
        </>
      ) : (
        <>
          <RefundsCard steps={quote?.refundSteps} zone={cafe.timeZone} note={words.refundText} />
          <Notice tone="good" title={words.holdTitle}>
            {words.holdText}
          </Notice>
          <CardChoice card={card} />
          <OrderFoot
            order={order}
            agree={words.agree}
            label={order.isNewTotal ? words.agreeNew(amount) : words.pay(amount)}
            heldUntil={quote?.holdUntil && dateTime(quote.holdUntil, cafe.timeZone)}
            reasons={words.reasons}
          />
        </>
      )}
    </OrderForm>
  );
}
