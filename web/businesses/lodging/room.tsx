import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { DateRange, type Nights } from '../../kit/date-range.tsx';
import { Icon, type IconName } from '../../kit/icon.tsx';
import { Link } from '../../kit/link.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Skeleton } from '../../kit/skeleton.tsx';
import { ErrorState } from '../../kit/state.tsx';
import { Timeline } from '../../kit/timeline.tsx';
import { useFormats, useLanguage, useTexts, useWords } from '../../text/language.ts';
import { inLanguage, linesInLanguage } from '../../text/names.ts';
import { NotThere } from '../not-there.tsx';
import { RefundsSection } from '../refunds.tsx';
import { quoteQuery, stayQuery, takenQuery, type Stay } from './api.ts';
import { Booking } from './booking.tsx';
import { addDays, nightsBetween, todayIn } from './dates.ts';
import { Gallery } from './gallery.tsx';
import css from './room.module.css';
import { placeOf } from './stay-card.tsx';
import { text } from './text.ts';
import type { StaySearch } from './wish.ts';

const route = getRouteApi('/lodging/$roomId');

/** A room: pictures, its calendar, how booking works, and beside them the way to book. */
export function Room() {
  const words = useTexts(text);
  const { roomId } = route.useParams();
  const { data, error, refetch } = useQuery(stayQuery(roomId));
  if (data) return <RoomOf stay={data} />;
  return (
    <NotThere business="lodging" title={words.title} {...{ words, error }} onRetry={() => void refetch()}>
      <div className="stack">
        <Skeleton shape="title" />
        <Skeleton />
        <Skeleton shape="box" className={css.pictures} />
        <Skeleton shape="title" />
        <Skeleton shape="box" />
      </div>
    </NotThere>
  );
}

function RoomOf({ stay }: { stay: Stay }) {
  const words = useTexts(text);
  const { calendar } = useWords();
  const { language } = useLanguage();
  const { days, zone } = useFormats();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { room, property } = stay;
  const today = todayIn(property.timeZone);
  const taken = useQuery(takenQuery(room.id, today, addDays(today, 365)));
  const nights: Nights | null =
    search.check_in && search.check_out ? { from: search.check_in, to: search.check_out } : null;
  const [pickedGuests, setGuests] = useState(search.guests ?? 2);
  const guests = Math.min(pickedGuests, room.capacity);
  const wish: StaySearch = { ...search, guests };
  const quote = useQuery(quoteQuery(room.id, nights?.from ?? '', nights?.to ?? '', guests));

  const setNights = (next: Nights | null): void =>
    void navigate({
      search: { guests, ...(search.q && { q: search.q }), ...(next && { check_in: next.from, check_out: next.to }) },
      replace: true,
      resetScroll: false,
    });
  const house = inLanguage(property.name, language);
  const name = inLanguage(room.name, language);
  const facts: readonly (readonly [IconName, string])[] = [
    ['users', words.upTo(room.capacity)],
    [room.instantBook ? 'check' : 'hour', room.instantBook ? words.instant : words.byHost],
    ['pin', placeOf(property.address)],
    ['clock', zone(property.timeZone)],
  ];

  return (
    <Page
      title={`${house}, ${name}`}
      lead={property.address}
      crumbs={[
        <Link key="list" to="/lodging" search={search} look="bare">
          {words.title}
        </Link>,
        <Link key="house" to="/lodging" search={{ ...search, q: house }} look="bare">
          {house}
        </Link>,
      ]}
    >
      <Gallery stay={stay} />
      <div className={css.columns}>
        <div className={css.left}>
          <Section title={words.about}>
            <ul className={css.facts}>
              {facts.map(([icon, said]) => (
                <li key={icon}>
                  <Icon name={icon} />
                  {said}
                </li>
              ))}
            </ul>
            <p className={css.said}>{linesInLanguage(room.description, language) || words.aboutHost(house)}</p>
          </Section>
          <Section
            title={nights ? words.staying(calendar.nights(nightsBetween(nights.from, nights.to))) : words.chooseDates}
            aside={
              nights && (
                <Button look="quiet" onPress={() => setNights(null)}>
                  {calendar.clear}
                </Button>
              )
            }
          >
            <p className="muted small" id="dates" tabIndex={-1}>
              {nights ? days(nights.from, nights.to) : words.zoneText(zone(property.timeZone))}
            </p>
            {taken.isError ? (
              <ErrorState onRetry={() => void taken.refetch()} />
            ) : (
              <DateRange
                label={words.chooseDates}
                value={nights}
                onChange={setNights}
                isTaken={(night) => taken.data?.has(night) ?? false}
                min={today}
                max={addDays(today, 365)}
                months={2}
                legend
              />
            )}
          </Section>
          <RefundsSection steps={quote.data?.refundSteps} zone={property.timeZone} note={words.refundText} />
          <Section title={words.how}>
            <Timeline
              label={words.how}
              steps={(room.instantBook ? words.howStepsInstant : words.howSteps).map(([title, said]) => ({
                state: 'todo',
                title,
                text: said,
              }))}
            />
          </Section>
        </div>
        <Booking stay={stay} wish={wish} taken={taken.data} onGuests={setGuests} />
      </div>
    </Page>
  );
}
