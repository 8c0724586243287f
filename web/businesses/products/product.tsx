import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../../api/http.ts';
import { Page } from '../../kit/page.tsx';
import { Skeleton, Waiting } from '../../kit/skeleton.tsx';
import { EmptyState, ErrorState } from '../../kit/state.tsx';
import { useTexts } from '../../text/language.ts';
import { productQuery, productsQuery, type Kind, type Product } from './api.ts';
import css from './product.module.css';
import { text } from './text.ts';
import { variantsOf } from './families.ts';

/** Asks for a product and the others of its family; says so while they come, or when there is none. */
export function WithProduct({
  kind,
  productId,
  title,
  toList,
  children,
}: {
  kind: Kind;
  productId: string;
  title: string;
  toList: ReactNode;
  children(product: Product, variants: readonly Product[]): ReactNode;
}) {
  const words = useTexts(text);
  const { data: all } = useQuery(productsQuery(kind));
  const known = all?.find(({ id }) => id === productId);
  const { data = known, error, refetch } = useQuery(productQuery(productId));
  if (data && data.kind === kind) return children(data, variantsOf(data, all ?? []));
  return (
    <Page title={title} hidden>
      {data || (error instanceof ApiError && [400, 404].includes(error.status)) ? (
        <EmptyState whole title={words.missing} action={toList}>
          {words.missingText}
        </EmptyState>
      ) : error ? (
        <ErrorState whole onRetry={() => void refetch()} />
      ) : (
        <>
          <h1 className="sr">{title}</h1>
          <Waiting>
            <div className={css.columns}>
              <div className="stack">
                <Skeleton shape="box" className={css.ghost} />
                <Skeleton shape="title" />
                <Skeleton />
              </div>
              <Skeleton shape="box" className={css.ghost} />
            </div>
          </Waiting>
        </>
      )}
    </Page>
  );
}

/** A paragraph in the reader's language: descriptions may hold both, a line each. */
export const descriptionIn = (description: string, language: 'ko' | 'en'): string => {
  const lines = description.split('\n').filter(Boolean);
  const own = lines.filter((line) => /[가-힣]/.test(line) === (language === 'ko'));
  return (own.length ? own : lines).join('\n');
};
