import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Card, Values } from '../../kit/card.tsx';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page } from '../../kit/page.tsx';
import { Skeleton, Waiting } from '../../kit/skeleton.tsx';
import { ErrorState } from '../../kit/state.tsx';
import { useFormats, useLanguage, useTexts, useWords } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { CardChoice, useCard } from '../card-choice.tsx';
import { NotAvailable } from '../not-available.tsx';
import { OrderFoot, OrderForm, useOrder } from '../order-form.tsx';
import { RefundsCard } from '../refunds.tsx';
import { quoteQuery, reserve, stayQuery, takenQuery, type Stay } from './api.ts';
import { addDays, nightsBetween, todayIn } from './dates.ts';
import { NearDates } from './near-dates.tsx';
import { isFree } from './nights.ts';
import css from './order.module.css';
import { coverOf } from './pictures.ts';
import { text } from './text.ts';
import { totalOf } from './wish.ts';

const route = getRouteApi('/lodging/$roomId/order');

/** The last look before the request. What was chosen stands in the address, what was ticked in the browser: both outlive a reload. */
export function Order() {
  const words = useTexts(text);
  const { language } = useLanguage();
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
          {stay ? inLanguage(stay.room.name, language) : words.about}
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
        <OrderOf key={`${from} ${to}`} stay={stay} from={from} to={to} guests={search.guests ?? 1} />
      ) : (
        <Link to="/lodging/$roomId" params={{ roomId }} look="primary">
          {words.chooseDates}
        </Link>
      )}
    </Page>
  );
}

function OrderOf({ stay, from, to, guests }: { stay: Stay; from: string; to: string; guests: number }) {
  const words = useTexts(text);
  const { calendar } = useWords();
  const { money, day, dateTime } = useFormats();
  const { language } = useLanguage();
  const { room, property } = stay;
  const today = todayIn(property.timeZone);
  const taken = useQuery(takenQuery(room.id, today, addDays(today, 365)));
  const quote = useQuery(quoteQuery(room.id, from, to, guests));
  // Without an answer the price of the list counts; another one is refused before anything is stored.
  const total = quote.data?.total ?? totalOf(room.pricePerNight, from, to);
  const nights = calendar.nights(nightsBetween(from, to));
  const free = !taken.data || isFree(from, to, taken.data);
  const card = useCard();
  const closed = quote.data?.reason === 'NOT_ON_SALE' ? quote.data.reason : undefined;
  const { holdUntil } = quote.data ?? {};
  const order = useOrder({
    form: `lodging ${room.id} ${from} ${to} ${guests}`,
    total,
    send: (agreedTotal, key) =>
      reserve({ roomId: room.id, checkIn: from, checkOut: to, guests, agreedTotal, paymentMethodId: card.id }, key),
    changes: ['room', room.id],
  });

  return (
    <OrderForm order={order}>
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
          total={[words.total, money(order.total)]}
        />
      </Card>
      <RefundsCard steps={quote.data?.refundSteps} zone={property.timeZone} note={words.refundText} />
      {closed ? (
        <NotAvailable reason={closed} reasons={words.reasons} />
      ) : free ? (
        <Notice tone="good" title={room.instantBook ? words.atOnce : words.hostFirst}>
          {room.instantBook ? words.atOnceText : words.hostFirstText}
        </Notice>
      ) : (
        <NearDates stay={stay} wish={{ check_in: from, check_out: to, guests }} taken={taken.data ?? new Set()} />
      )}
      <CardChoice card={card} />
      <OrderFoot
        order={order}
        agree={words.agree}
        label={order.isNewTotal ? words.agreeNew : room.instantBook ? words.book : words.request}
        note={words.notYet}
        // A host confirms a request before anything is held.
        heldUntil={room.instantBook && holdUntil ? dateTime(holdUntil, property.timeZone) : undefined}
        reasons={words.reasons}
        isDisabled={!free || closed !== undefined}
      />
    </OrderForm>
  );
}
