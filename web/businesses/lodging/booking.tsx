import { Button } from '../../kit/button.tsx';
import { Values } from '../../kit/card.tsx';
import { Stepper } from '../../kit/field.tsx';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Tag } from '../../kit/tag.tsx';
import { useFormats, useTexts, useWords } from '../../text/language.ts';
import { Beside } from '../beside.tsx';
import type { Stay } from './api.ts';
import css from './booking.module.css';
import { nightsBetween } from './dates.ts';
import { NearDates } from './near-dates.tsx';
import { isFree } from './nights.ts';
import { text } from './text.ts';
import { totalOf, type StaySearch } from './wish.ts';

const toCalendar = (): void => {
  document.getElementById('dates')?.focus();
  document.getElementById('dates')?.scrollIntoView({ block: 'start' });
};

/** What it costs, and the way to the order. Beside the page; on a small screen its price and button stay at the bottom. */
export function Booking({
  stay,
  wish,
  taken,
  onGuests,
}: {
  stay: Stay;
  wish: StaySearch;
  /** Undefined while it is not known. */
  taken: ReadonlySet<string> | undefined;
  onGuests(guests: number): void;
}) {
  const words = useTexts(text);
  const { calendar } = useWords();
  const { money, day, days } = useFormats();
  const { room } = stay;
  const { check_in: from, check_out: to, guests = 1 } = wish;
  const total = from && to ? totalOf(room.pricePerNight, from, to) : undefined;
  const nights = from && to ? calendar.nights(nightsBetween(from, to)) : '';
  const fits = !from || !to || !taken || isFree(from, to, taken);
  const go = total && fits && (
    <Link to="/lodging/$roomId/order" params={{ roomId: room.id }} search={wish} look="primary" large full>
      {room.instantBook ? words.book : words.request}
    </Link>
  );
  const choose = (
    <Button look="primary" large full onPress={toCalendar}>
      {words.chooseDates}
    </Button>
  );

  return (
    <Beside
      label={room.instantBook ? words.book : words.request}
      go={go || choose}
      note={go ? words.notYet : undefined}
      short={money(total ?? room.pricePerNight)}
      shortDetail={from && to ? `${nights} · ${days(from, to)}` : `/ ${words.perNight}`}
    >
      <div className={css.top}>
        <span>
          <b className={css.price}>{money(room.pricePerNight)}</b>
          <span className="muted"> / {words.perNight}</span>
        </span>
        {room.instantBook ? (
          <Tag tone="good" icon="check">
            {words.instant}
          </Tag>
        ) : (
          <Tag tone="wait" icon="hour">
            {words.byHost}
          </Tag>
        )}
      </div>
      <div className={css.box}>
        <button type="button" onClick={toCalendar}>
          <small>{words.checkIn}</small>
          <b>{from ? day(from) : words.anyTime}</b>
        </button>
        <button type="button" onClick={toCalendar}>
          <small>{words.checkOut}</small>
          <b>{to ? day(to) : words.anyTime}</b>
        </button>
        <div className={css.people}>
          <span>
            <small>{words.who}</small>
            <b>{words.guests(guests)}</b>
          </span>
          <Stepper plain label={words.who} value={guests} onChange={onGuests} min={1} max={room.capacity} />
        </div>
      </div>
      {total ? (
        <Values
          rows={[[`${money(room.pricePerNight)} × ${nights}`, money(total)]]}
          total={[words.total, money(total)]}
        />
      ) : (
        <p className="muted">{words.chooseFirst}</p>
      )}
      {fits ? (
        <Notice tone="good" title={room.instantBook ? words.atOnce : words.hostFirst}>
          {room.instantBook ? words.atOnceText : words.hostFirstText}
        </Notice>
      ) : (
        <NearDates stay={stay} wish={wish} taken={taken ?? new Set()} />
      )}
    </Beside>
  );
}
