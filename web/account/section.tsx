import type { UseQueryResult } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { Card } from '../kit/card.tsx';
import { Skeleton, Waiting } from '../kit/skeleton.tsx';
import { ErrorState } from '../kit/state.tsx';
import css from './account.module.css';

/** A section of the page, which loads and fails by itself. */
export function Section<Data>({
  title,
  lead,
  aside,
  query,
  children,
}: {
  title: string;
  lead?: string;
  aside?: ReactNode;
  query: UseQueryResult<Data>;
  children(data: Data): ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={css.section}>
      <div className={css.top}>
        <div>
          <h2 id={id}>{title}</h2>
          {lead && <p className="muted small">{lead}</p>}
        </div>
        {aside}
      </div>
      <Card flush>
        {query.data !== undefined ? (
          children(query.data)
        ) : query.isError ? (
          <ErrorState onRetry={() => void query.refetch()} />
        ) : (
          <Waiting>
            <div className={css.waiting}>
              <Skeleton shape="title" />
              <Skeleton />
            </div>
          </Waiting>
        )}
      </Card>
    </section>
  );
}
