import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useFormats, useTexts } from '../../text/language.ts';
import type { Stay } from './api.ts';
import { addDays, freeNear, nightsBetween, todayIn } from './dates.ts';
import { text } from './text.ts';
import type { StaySearch } from './wish.ts';

/** Somebody was faster: the same room on days near by, and other rooms on the same days. */
export function NearDates({ stay, wish, taken }: { stay: Stay; wish: StaySearch; taken: ReadonlySet<string> }) {
  const words = useTexts(text);
  const { days } = useFormats();
  const { room, property } = stay;
  const { check_in: from = '', check_out: to = '' } = wish;
  const first = todayIn(property.timeZone);
  const near = freeNear({ from, nights: nightsBetween(from, to), first, last: addDays(first, 365) }, (night) =>
    taken.has(night),
  );
  return (
    <Notice
      live
      tone="wait"
      title={words.takenTitle}
      action={
        <>
          {near.map((each) => (
            <Link
              key={each.from}
              to="/lodging/$roomId"
              params={{ roomId: room.id }}
              search={{ ...wish, check_in: each.from, check_out: each.to }}
              look="plain"
            >
              {days(each.from, each.to)}
            </Link>
          ))}
          <Link to="/lodging" search={wish} look="plain">
            {words.otherRooms}
          </Link>
        </>
      }
    >
      {words.takenText}
    </Notice>
  );
}
