import { Link } from '../kit/link.tsx';
import { Page } from '../kit/page.tsx';
import { EmptyState } from '../kit/state.tsx';
import { useWords } from '../text/language.ts';

export function NotFound() {
  const { page } = useWords();
  return (
    <Page title={page.notFound} hidden>
      <EmptyState
        whole
        title={page.notFound}
        action={
          <Link to="/" look="primary">
            {page.toHome}
          </Link>
        }
      >
        {page.notFoundText}
      </EmptyState>
    </Page>
  );
}
