import { Button } from '../../kit/button.tsx';
import { Icon } from '../../kit/icon.tsx';
import { useTexts } from '../../text/language.ts';
import type { Seat } from './api.ts';
import css from './seat-list.module.css';
import { isFree } from './seats.ts';
import { text } from './text.ts';

/** The same seats line by line: what is free comes first. */
export function SeatList({
  seats,
  chosen,
  onChoose,
}: {
  seats: readonly Seat[];
  chosen: Seat | undefined;
  onChoose(seat: Seat): void;
}) {
  const words = useTexts(text);
  const ordered = [...seats.filter(isFree), ...seats.filter((seat) => !isFree(seat))];
  return (
    <ul className={css.list}>
      {ordered.map((seat) => {
        const isChosen = seat.id === chosen?.id;
        return (
          <li key={seat.id} className={isFree(seat) ? css.free : css.gone}>
            <b className={css.label}>{words.seatShort(seat.label)}</b>
            <span className="muted small">
              {seat.features.map((each) => words.features[each]).join(' · ') || words.plain}
            </span>
            {isFree(seat) ? (
              <Button
                look={isChosen ? 'primary' : 'plain'}
                icon={isChosen ? 'check' : 'plus'}
                aria-pressed={isChosen}
                aria-label={`${words.seat(seat.label)}, ${isChosen ? words.chosen : words.states.FREE}`}
                onPress={() => onChoose(seat)}
              />
            ) : (
              <span className={css.state}>
                <Icon name={seat.state === 'HELD' ? 'dot' : 'close'} size="small" />
                {words.states[seat.state]}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
