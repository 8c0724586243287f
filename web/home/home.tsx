import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { SearchForm } from '../businesses/lodging/search-form.tsx';
import { businesses, listPathOf, type Business } from '../businesses/registry.ts';
import { Card } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { Link } from '../kit/link.tsx';
import { Page } from '../kit/page.tsx';
import { Segment } from '../kit/segment.tsx';
import { Skeleton, Waiting } from '../kit/skeleton.tsx';
import { ErrorState } from '../kit/state.tsx';
import { useTexts, useWords } from '../text/language.ts';
import css from './home.module.css';
import { ListingCard } from './listing-card.tsx';
import { listingsQuery, mixed } from './listings.ts';
import { text } from './text.ts';

/** What there is, over all businesses. */
export function Home() {
  const words = useTexts(text);
  const { business: names } = useWords();
  const navigate = useNavigate();
  const [chosen, choose] = useState<Business | 'all'>('all');
  const { data, isError, refetch } = useQuery(listingsQuery);
  const shown =
    data && (chosen === 'all' ? mixed(data, businesses) : data.filter(({ business }) => business === chosen));

  return (
    <Page title={words.tab} hidden>
      <section className={css.hero}>
        <div>
          <h1 tabIndex={-1} className={css.title}>
            {words.title}
          </h1>
          <p className={css.lead}>{words.lead}</p>
        </div>
        <Card as="aside" floats label={words.promiseTitle} className={css.promise}>
          <h2>{words.promiseTitle}</h2>
          <ul>
            {words.promises.map(([icon, said]) => (
              <li key={icon}>
                <Icon name={icon} />
                {said}
              </li>
            ))}
          </ul>
        </Card>
      </section>
      <section aria-label={words.findStay} className={css.find}>
        <SearchForm search={{}} onSearch={(search) => void navigate({ to: '/lodging', search })} />
      </section>
      <section aria-label={words.offers}>
        <div className={css.chips}>
          <Segment
            chips
            label={words.offers}
            value={chosen}
            onChange={(id) => choose(id as Business | 'all')}
            pieces={[
              { id: 'all', label: words.all },
              ...businesses.map((each) => ({ id: each, label: names[each], icon: each })),
            ]}
          />
        </div>
        {isError ? (
          <ErrorState onRetry={() => void refetch()} />
        ) : shown ? (
          <>
            <ul className={css.grid}>
              {shown.map((listing, index) => (
                <ListingCard key={listing.id} listing={listing} wide={chosen === 'all' && index < 2} />
              ))}
            </ul>
            {chosen !== 'all' && (
              <p className={css.more}>
                <Link to={listPathOf(chosen)} look="plain">
                  {words.more(names[chosen])}
                </Link>
              </p>
            )}
          </>
        ) : (
          <Waiting>
            <ul className={css.grid}>
              {[0, 1, 2, 3, 4].map((each) => (
                <li key={each} className={each < 2 ? css.wide : undefined}>
                  <Skeleton shape="box" className={css.ghost} />
                </li>
              ))}
            </ul>
          </Waiting>
        )}
      </section>
    </Page>
  );
}
