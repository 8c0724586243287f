import { parseDate, type CalendarDate } from '@internationalized/date';
import { useContext } from 'react';
import {
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  RangeCalendar,
  RangeCalendarStateContext,
} from 'react-aria-components/RangeCalendar';
import { useLanguage, useWords } from '../text/language.ts';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import css from './date-range.module.css';

export interface Nights {
  /** `2026-12-18` */
  from: string;
  to: string;
}

/**
 * Days from check-in to check-out. A taken night cannot be slept in, but its day can be an end: such a day is "check-out only" where the
 * night before is free.
 */
export function DateRange({
  value,
  onChange,
  isTaken = () => false,
  min,
  max,
  months = 1,
  legend = false,
  label,
}: {
  value: Nights | null;
  onChange(value: Nights | null): void;
  isTaken?(night: string): boolean;
  min?: string;
  max?: string;
  months?: 1 | 2;
  legend?: boolean;
  label: string;
}) {
  const words = useWords();
  const taken = (date: CalendarDate): boolean => isTaken(date.toString());
  const unavailable = (date: CalendarDate, anchor: CalendarDate | null): boolean => {
    if (!anchor) return taken(date) && date.toString() !== value?.to;
    if (date.compare(anchor) <= 0) return date.compare(anchor) < 0 && taken(date);
    for (let night = anchor; night.compare(date) < 0; night = night.add({ days: 1 })) if (taken(night)) return true;
    return false;
  };
  const isCheckOutOnly = (date: CalendarDate): boolean =>
    taken(date) && !taken(date.subtract({ days: 1 })) && date.toString() !== min;

  return (
    <div>
      <RangeCalendar<CalendarDate>
        aria-label={label}
        value={value && { start: parseDate(value.from), end: parseDate(value.to) }}
        onChange={({ start, end }) => {
          // The same day twice is one night, where that one is free.
          const to = end.compare(start) > 0 ? end : start.add({ days: 1 });
          onChange(taken(start) ? null : { from: start.toString(), to: to.toString() });
        }}
        {...(min && { minValue: parseDate(min) })}
        {...(max && { maxValue: parseDate(max) })}
        isDateUnavailable={(date, anchor) => unavailable(date as CalendarDate, anchor as CalendarDate | null)}
        visibleDuration={{ months }}
        pageBehavior="single"
        firstDayOfWeek="sun"
        className={css.calendar}
      >
        <Button slot="previous" look="quiet" icon="left" aria-label={words.calendar.previous} />
        <Button slot="next" look="quiet" icon="right" aria-label={words.calendar.next} />
        <div className={classes(css.months, months === 2 && css.two)}>
          {Array.from({ length: months }, (_, offset) => (
            <div key={offset}>
              <MonthTitle offset={offset} />
              <CalendarGrid offset={{ months: offset }} weekdayStyle="short" className={css.grid}>
                <CalendarGridHeader>
                  {(day) => <CalendarHeaderCell className={css.weekday}>{day}</CalendarHeaderCell>}
                </CalendarGridHeader>
                <CalendarGridBody>
                  {(date) => (
                    <CalendarCell
                      date={date}
                      className={classes(
                        css.day,
                        new Date(`${date.toString()}T00:00:00Z`).getUTCDay() === 0 && css.sunday,
                        isCheckOutOnly(date) ? css.checkOutOnly : taken(date) && css.taken,
                      )}
                    >
                      {({ formattedDate }) => <span className={css.number}>{formattedDate}</span>}
                    </CalendarCell>
                  )}
                </CalendarGridBody>
              </CalendarGrid>
            </div>
          ))}
        </div>
      </RangeCalendar>
      {legend && <Legend />}
    </div>
  );
}

function MonthTitle({ offset }: { offset: number }) {
  const { language } = useLanguage();
  const state = useContext(RangeCalendarStateContext);
  const month = state?.visibleRange.start.add({ months: offset });
  if (!month) return null;
  const text = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    month.toDate('UTC'),
  );
  return (
    <div className={css.title} aria-hidden="true">
      {text}
    </div>
  );
}

function Legend() {
  const { calendar } = useWords();
  return (
    <ul className={css.legend} aria-label={calendar.legend}>
      <li>
        <i />
        {calendar.free}
      </li>
      <li>
        <i className={css.legendChosen} />
        {calendar.chosen}
      </li>
      <li>
        <i className={css.legendTaken} />
        {calendar.taken}
      </li>
      <li>
        <i className={css.legendEnd} />
        {calendar.checkOutOnly}
      </li>
    </ul>
  );
}
