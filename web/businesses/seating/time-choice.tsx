import { Select } from '../../kit/select.tsx';
import { useFormats, useTexts } from '../../text/language.ts';
import type { Cafe } from './api.ts';
import { text } from './text.ts';
import css from './time-choice.module.css';
import { daysFor, lengthsFrom, possible, startsOn, todayIn, type Stay } from './times.ts';

/** Which day, from when, and for how long; each offers only what the cafe allows. */
export function TimeChoice({ cafe, stay, onChange }: { cafe: Cafe; stay: Stay; onChange(stay: Stay): void }) {
  const words = useTexts(text);
  const { day: dayText, zone } = useFormats();
  const change = (part: Partial<Stay>): void => onChange(possible({ ...stay, ...part }, cafe));
  const today = todayIn(cafe.timeZone);
  return (
    <div>
      <div className={css.row}>
        <div className={css.day}>
          <Select
            label={words.day}
            value={stay.day}
            onChange={(day) => change({ day })}
            options={daysFor(cafe).map((id) => ({
              id,
              label: id === today ? `${words.today} · ${dayText(id)}` : dayText(id),
            }))}
          />
        </div>
        <Select
          label={words.from}
          value={stay.from}
          onChange={(from) => change({ from })}
          options={startsOn(stay.day, cafe).map((id) => ({ id, label: id }))}
        />
        <Select
          label={words.length}
          value={String(stay.hours)}
          onChange={(hours) => change({ hours: Number(hours) })}
          options={lengthsFrom(stay.from, cafe).map((hours) => ({ id: String(hours), label: words.hours(hours) }))}
        />
      </div>
      <p className="muted small">{words.zoneText(zone(cafe.timeZone))}</p>
    </div>
  );
}
