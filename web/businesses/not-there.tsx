import type { ReactNode } from 'react';
import { ApiError } from '../api/http.ts';
import { Link } from '../kit/link.tsx';
import { Page } from '../kit/page.tsx';
import { Waiting } from '../kit/skeleton.tsx';
import { EmptyState, ErrorState } from '../kit/state.tsx';
import { listPathOf, type Business } from './registry.ts';

/** In the place of one thing on offer: it does not exist, nobody answers, or it is on its way. */
export function NotThere({
  business,
  title,
  words,
  error,
  isMissing = error instanceof ApiError && [400, 404].includes(error.status),
  onRetry,
  children,
}: {
  business: Business;
  title: string;
  words: { missing: string; missingText: string; toList: string };
  error: Error | null;
  isMissing?: boolean;
  onRetry(): void;
  /** The shape of what comes. */
  children: ReactNode;
}) {
  return (
    <Page title={title} hidden>
      {isMissing ? (
        <EmptyState
          whole
          title={words.missing}
          action={
            <Link to={listPathOf(business)} look="primary">
              {words.toList}
            </Link>
          }
        >
          {words.missingText}
        </EmptyState>
      ) : error ? (
        <ErrorState whole onRetry={onRetry} />
      ) : (
        <>
          <h1 className="sr">{title}</h1>
          <Waiting>{children}</Waiting>
        </>
      )}
    </Page>
  );
}
