import { useRef, type KeyboardEvent } from 'react';
import { classes } from '../../kit/classes.ts';
import { Icon } from '../../kit/icon.tsx';
import { useTexts } from '../../text/language.ts';
import type { Seat } from './api.ts';
import css from './seat-map.module.css';
import { isFree, nextSeat, type Direction } from './seats.ts';
import { text } from './text.ts';

/** Where the cafe drew its seats; the drawing keeps its shape at every width. */
const seatSize = 42;
const border = 36;

/** What a seat is, in words: for the list, and for readers of screens. */
export function useSeatText(): (seat: Seat) => string {
  const words = useTexts(text);
  return ({ label, features, state }) =>
    [words.seat(label), ...features.map((each) => words.features[each]), words.states[state]].join(', ');
}

/** The seats as they stand. One tab stop; arrow keys go from seat to seat, Space chooses. */
export function SeatMap({
  seats,
  chosen,
  onChoose,
}: {
  seats: readonly Seat[];
  chosen: Seat | undefined;
  onChoose(seat: Seat): void;
}) {
  const words = useTexts(text);
  const seatText = useSeatText();
  const map = useRef<HTMLDivElement>(null);
  const width = Math.max(...seats.map(({ x }) => x)) + seatSize + border;
  const height = Math.max(...seats.map(({ y }) => y)) + seatSize + border;
  const windows = seats.filter(({ features }) => features.includes('WINDOW'));
  const top = Math.min(...seats.map(({ y }) => y));
  const hasWindow = windows.some(({ y }) => y === top);
  const entry = chosen ?? seats.find(isFree) ?? seats[0];

  const onKeyDown = (event: KeyboardEvent, from: Seat): void => {
    if (!event.key.startsWith('Arrow')) return;
    event.preventDefault();
    const next = nextSeat(from, event.key as Direction, seats);
    if (next) map.current?.querySelector<HTMLElement>(`[data-seat="${next.id}"]`)?.focus();
  };
  return (
    <div className={css.scroll} tabIndex={-1}>
      <div
        ref={map}
        role="radiogroup"
        aria-label={words.mapLabel}
        className={css.map}
        style={{ aspectRatio: `${width} / ${height}` }}
      >
        {hasWindow && (
          <span className={css.window} aria-hidden="true">
            <i />
            {words.window}
            <i />
          </span>
        )}
        {seats.map((seat) => (
          <button
            key={seat.id}
            type="button"
            role="radio"
            data-seat={seat.id}
            aria-checked={seat.id === chosen?.id}
            aria-disabled={!isFree(seat)}
            aria-label={seatText(seat)}
            tabIndex={seat.id === entry?.id ? 0 : -1}
            className={classes(css.seat, css[seat.state], seat.id === chosen?.id && css.chosen)}
            style={{
              left: `${(seat.x / width) * 100}%`,
              top: `${(seat.y / height) * 100}%`,
              width: `${(seatSize / width) * 100}%`,
            }}
            onKeyDown={(event) => onKeyDown(event, seat)}
            onClick={() => isFree(seat) && onChoose(seat)}
          >
            <SeatMark seat={seat} />
          </button>
        ))}
      </div>
    </div>
  );
}

/** The state is told by a sign, not by the colour alone. */
const SeatMark = ({ seat }: { seat: Seat }) => {
  if (isFree(seat)) return seat.label;
  return seat.state === 'HELD' ? <i className={css.dot} /> : <Icon name="close" size="small" />;
};

export function Legend() {
  const words = useTexts(text);
  const keys = [
    [css.FREE, words.states.FREE, null],
    [classes(css.FREE, css.chosen), words.chosen, null],
    [css.HELD, words.states.HELD, <i key="held" className={css.dot} />],
    [css.TAKEN, words.states.TAKEN, <Icon key="taken" name="close" size="small" />],
  ] as const;
  return (
    <ul className={css.legend}>
      {keys.map(([look, said, sign]) => (
        <li key={said}>
          <span className={classes(css.key, look)} aria-hidden="true">
            {sign}
          </span>
          {said}
        </li>
      ))}
    </ul>
  );
}
