import { useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { useFormats, useTexts } from '../../text/language.ts';
import { here } from '../../text/zone.ts';
import { text } from './text.ts';
import { byDay } from './times.ts';
import css from './times.module.css';

const daysAtFirst = 7;

/** Free start times by day, on the reader's clock: one of them is chosen, arrow keys go from one to the next. */
export function TimeChoice({
  free,
  chosen,
  onChoose,
}: {
  free: readonly string[];
  chosen: string | undefined;
  onChoose(time: string): void;
}) {
  const words = useTexts(text);
  const { day, time } = useFormats();
  const [isLong, setLong] = useState(false);
  const zone = here();
  const days = byDay(free, zone);
  const showsAll = isLong || days.slice(daysAtFirst).some(({ times }) => times.includes(chosen ?? ''));
  return (
    <>
      <div className={css.days}>
        {(showsAll ? days : days.slice(0, daysAtFirst)).map(({ date, times }) => (
          <fieldset key={date} className={css.day}>
            <legend className={css.date}>{day(date)}</legend>
            <div className={css.times}>
              {times.map((each) => (
                <label key={each} className={css.time}>
                  <input
                    type="radio"
                    name="start"
                    className="sr"
                    aria-label={`${day(date)} ${time(each, zone)}`}
                    checked={each === chosen}
                    onChange={() => onChoose(each)}
                  />
                  {time(each, zone)}
                </label>
              ))}
            </div>
          </fieldset>
        ))}
      </div>
      {!showsAll && days.length > daysAtFirst && (
        <div className={css.more}>
          <Button onPress={() => setLong(true)}>{words.moreDays}</Button>
        </div>
      )}
    </>
  );
}
