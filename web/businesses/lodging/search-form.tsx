import { useState } from 'react';
import { Dialog } from '../../kit/dialog.tsx';
import { Button } from '../../kit/button.tsx';
import { DateRange, type Nights } from '../../kit/date-range.tsx';
import { Stepper } from '../../kit/field.tsx';
import { useFormats, useTexts, useWords } from '../../text/language.ts';
import { todayIn } from './dates.ts';
import css from './search-form.module.css';
import { text } from './text.ts';
import type { StaySearch } from './wish.ts';

/** Where, when and how many; on the home page and above the list. */
export function SearchForm({ search, onSearch }: { search: StaySearch; onSearch(search: StaySearch): void }) {
  const words = useTexts(text);
  const { calendar, kit } = useWords();
  const { days } = useFormats();
  const [q, setQ] = useState(search.q ?? '');
  const [nights, setNights] = useState<Nights | null>(
    search.check_in && search.check_out ? { from: search.check_in, to: search.check_out } : null,
  );
  const [guests, setGuests] = useState(search.guests ?? 2);
  const [choosing, setChoosing] = useState(false);

  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSearch({
          ...(nights && { check_in: nights.from, check_out: nights.to }),
          ...(q.trim() && { q: q.trim() }),
          guests,
        });
      }}
    >
      <label className={css.where}>
        <span>{words.where}</span>
        <input value={q} onChange={({ target }) => setQ(target.value)} placeholder={words.anywhere} maxLength={100} />
      </label>
      <button type="button" className={css.when} onClick={() => setChoosing(true)} aria-haspopup="dialog">
        <span>{words.when}</span>
        <b className={nights ? undefined : 'muted'}>{nights ? days(nights.from, nights.to) : words.anyTime}</b>
      </button>
      <div className={css.who}>
        <span aria-hidden="true">{words.who}</span>
        <Stepper plain label={words.who} value={guests} onChange={setGuests} min={1} max={20} />
      </div>
      <Button type="submit" look="primary" large icon="search">
        {words.find}
      </Button>
      <Dialog
        wide
        isOpen={choosing}
        onClose={() => setChoosing(false)}
        title={words.chooseDates}
        actions={
          <>
            <Button isDisabled={!nights} onPress={() => setNights(null)}>
              {calendar.clear}
            </Button>
            <Button look="primary" onPress={() => setChoosing(false)}>
              {nights ? days(nights.from, nights.to) : kit.close}
            </Button>
          </>
        }
      >
        <DateRange
          label={words.chooseDates}
          value={nights}
          onChange={setNights}
          min={todayIn('Asia/Seoul')}
          months={2}
        />
      </Dialog>
    </form>
  );
}
