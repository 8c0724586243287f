import { Button } from '../../kit/button.tsx';
import { Values } from '../../kit/card.tsx';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useFormats, useTexts } from '../../text/language.ts';
import { Beside } from '../beside.tsx';
import type { Cafe, Seat } from './api.ts';
import css from './pick.module.css';
import { inPlaceOf, isFree } from './seats.ts';
import { text } from './text.ts';
import { periodOf, type Stay } from './times.ts';
import { totalOf } from './wish.ts';

/** The seat that is chosen, and the way to the order. On a small screen it stays at the bottom. */
export function Pick({
  cafe,
  stay,
  seats,
  wanted,
  onChoose,
}: {
  cafe: Cafe;
  stay: Stay;
  seats: readonly Seat[];
  wanted: Seat | undefined;
  onChoose(id: string): void;
}) {
  const words = useTexts(text);
  const { money, span } = useFormats();
  const total = totalOf(cafe.pricePerHour, stay.hours);
  const period = periodOf(stay, cafe.timeZone);
  const when = span(period.start, period.end, cafe.timeZone);
  const isGone = wanted !== undefined && !isFree(wanted);
  const about = wanted && (wanted.features.map((each) => words.features[each]).join(' · ') || words.plain);
  const go = wanted && !isGone && (
    <Link
      to="/seating/$cafeId/order"
      params={{ cafeId: cafe.id }}
      search={{ ...stay, seat: wanted.id }}
      look="primary"
      large
      full
    >
      {words.go}
    </Link>
  );
  return (
    <Beside
      label={words.choose}
      go={go}
      note={words.notYet}
      short={wanted && `${words.seat(wanted.label)} · ${money(total)}`}
      shortDetail={when}
    >
      {isGone ? (
        <Gone gone={wanted} others={inPlaceOf(wanted, seats)} onChoose={onChoose} />
      ) : wanted ? (
        <>
          <div>
            <h2 className={css.seat}>{words.seat(wanted.label)}</h2>
            <p className="muted">{about}</p>
          </div>
          <Values
            rows={[
              [words.time, when],
              [`${money(cafe.pricePerHour)} × ${words.hours(stay.hours)}`, money(total)],
            ]}
            total={[words.total, money(total)]}
          />
        </>
      ) : (
        <div>
          <h2 className={css.none}>{words.choose}</h2>
          <p className="muted">{words.chooseText}</p>
        </div>
      )}
    </Beside>
  );
}

/** Somebody was faster: free seats like the one that is gone. */
export function Gone({
  gone,
  others,
  onChoose,
}: {
  gone: Seat;
  /** Undefined while they are not known. */
  others: readonly { id: string; label: string }[] | undefined;
  onChoose(id: string): void;
}) {
  const words = useTexts(text);
  return (
    <Notice
      live
      tone="wait"
      title={words.gone(gone.label)}
      action={others?.map(({ id, label }) => (
        <Button key={id} onPress={() => onChoose(id)}>
          {words.seat(label)}
        </Button>
      ))}
    >
      {others === undefined ? words.notCharged : others.length > 0 ? words.goneText : words.goneNone}
    </Notice>
  );
}
