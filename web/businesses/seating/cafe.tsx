import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { Card } from '../../kit/card.tsx';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page } from '../../kit/page.tsx';
import { Segment } from '../../kit/segment.tsx';
import { Skeleton, Waiting } from '../../kit/skeleton.tsx';
import { Tag } from '../../kit/tag.tsx';
import { useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { NotThere } from '../not-there.tsx';
import { cafeQuery, type Cafe as CafeData } from './api.ts';
import css from './cafe.module.css';
import { useLiveSeats } from './live-seats.ts';
import { Pick } from './pick.tsx';
import { SeatList } from './seat-list.tsx';
import { Legend, SeatMap } from './seat-map.tsx';
import { bestFree, isFree } from './seats.ts';
import { text } from './text.ts';
import { TimeChoice } from './time-choice.tsx';
import { periodOf, possible } from './times.ts';

const route = getRouteApi('/seating/$cafeId');

/** A cafe: its seats as they are now, and beside them the one that is chosen. */
export function Cafe() {
  const words = useTexts(text);
  const { cafeId } = route.useParams();
  const { data, error, refetch } = useQuery(cafeQuery(cafeId));
  if (data) return <CafeOf cafe={data} />;
  return (
    <NotThere business="seating" title={words.title} {...{ words, error }} onRetry={() => void refetch()}>
      <div className="stack">
        <Skeleton shape="title" />
        <Skeleton />
        <Skeleton shape="box" className={css.waiting} />
      </div>
    </NotThere>
  );
}

function CafeOf({ cafe }: { cafe: CafeData }) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [view, setView] = useState<'map' | 'list'>('map');
  const stay = possible(search, cafe);
  const { seats, state } = useLiveSeats(cafe.id, periodOf(stay, cafe.timeZone));
  const wanted = seats?.find(({ id }) => id === search.seat);
  const chosen = wanted && isFree(wanted) ? wanted : undefined;
  const free = seats?.filter(isFree).length;

  const go = (next: object): void =>
    void navigate({ search: { ...search, ...stay, ...next }, replace: true, resetScroll: false });
  const choose = (seat: string): void => go({ seat });
  const chooseBest = (): void => {
    const best = bestFree(seats ?? []);
    if (best) choose(best.id);
  };

  return (
    <Page
      title={inLanguage(cafe.name, language)}
      lead={cafe.address}
      crumbs={[
        <Link key="list" to="/seating" look="bare">
          {words.title}
        </Link>,
      ]}
    >
      <div className={css.columns}>
        <div className={css.left}>
          <TimeChoice cafe={cafe} stay={stay} onChange={go} />
          <Card className={css.card}>
            <div className={css.top}>
              <p className={css.count} role="status">
                {free !== undefined && <b>{words.free(free)}</b>}
                <Tag tone={state === 'live' ? 'good' : 'wait'} icon={state === 'live' ? 'dot' : 'refresh'}>
                  {state === 'live' ? words.live : words.reconnecting}
                </Tag>
              </p>
              <Segment
                label={words.view}
                value={view}
                onChange={(id) => setView(id === 'list' ? 'list' : 'map')}
                pieces={[
                  { id: 'map', label: words.map },
                  { id: 'list', label: words.list },
                ]}
              />
            </div>
            {!seats ? (
              <Waiting>
                <Skeleton shape="box" className={css.waiting} />
              </Waiting>
            ) : (
              <>
                {free === 0 && <Notice tone="wait">{words.noSeat}</Notice>}
                {view === 'map' ? (
                  <>
                    <p className={css.hint}>{words.scroll}</p>
                    <SeatMap seats={seats} chosen={chosen} onChoose={({ id }) => choose(id)} />
                    <Legend />
                  </>
                ) : (
                  <SeatList seats={seats} chosen={chosen} onChoose={({ id }) => choose(id)} />
                )}
                <div className={css.best}>
                  <Button icon="star" isDisabled={!free} onPress={chooseBest}>
                    {words.best}
                  </Button>
                </div>
              </>
            )}
          </Card>
        </div>
        <Pick cafe={cafe} stay={stay} seats={seats ?? []} wanted={wanted} onChoose={choose} />
      </div>
    </Page>
  );
}
