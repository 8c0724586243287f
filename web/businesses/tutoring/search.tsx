import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from '../../kit/button.tsx';
import { Page } from '../../kit/page.tsx';
import { Segment } from '../../kit/segment.tsx';
import { EmptyState, ErrorState } from '../../kit/state.tsx';
import { useTexts } from '../../text/language.ts';
import { FindLine } from '../find-line.tsx';
import { Tiles, TilesWaiting } from '../tile.tsx';
import { lessonsQuery } from './api.ts';
import { LessonTile } from './lesson-tile.tsx';
import css from './search.module.css';
import { text } from './text.ts';

const route = getRouteApi('/tutoring');
const every = 'every subject';

/** Lessons on sale, by words and subject in the address. */
export function Search() {
  const words = useTexts(text);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    lessonsQuery(search),
  );
  const lessons = data?.pages.flatMap((page) => page.lessons).filter(({ closed }) => !closed);
  const subjects = useSubjects(search.subject);

  return (
    <Page title={words.title} lead={words.lead}>
      <FindLine
        label={words.what}
        placeholder={words.anything}
        find={words.find}
        words={search.q}
        onFind={(q) => void navigate({ search: { ...search, q } })}
      />
      {subjects === undefined || subjects.length > 1 ? (
        <div className={css.subjects}>
          {subjects && (
            <Segment
              chips
              label={words.subject}
              value={search.subject ?? every}
              onChange={(id) =>
                void navigate({ search: { ...search, subject: id === every ? undefined : id }, resetScroll: false })
              }
              pieces={[{ id: every, label: words.all }, ...subjects.map((id) => ({ id, label: id }))]}
            />
          )}
        </div>
      ) : null}
      {isError ? (
        <ErrorState onRetry={() => void refetch()} />
      ) : !lessons ? (
        <TilesWaiting count={6} />
      ) : lessons.length === 0 ? (
        <EmptyState
          title={words.none}
          action={<Button onPress={() => void navigate({ search: {} })}>{words.clear}</Button>}
        >
          {words.noneText}
        </EmptyState>
      ) : (
        <>
          <Tiles found={words.found(lessons.length, hasNextPage)}>
            {lessons.map((lesson) => (
              <LessonTile key={lesson.id} lesson={lesson} search={search} />
            ))}
          </Tiles>
          {hasNextPage && (
            <div className={css.more}>
              <Button busy={isFetchingNextPage} onPress={() => void fetchNextPage()}>
                {words.more}
              </Button>
            </div>
          )}
        </>
      )}
    </Page>
  );
}

/** The subjects of the lessons on sale, the most frequent first, and the one that is looked for; undefined while they are loaded. */
function useSubjects(chosen: string | undefined): readonly string[] | undefined {
  const { data } = useInfiniteQuery(lessonsQuery({}));
  if (!data) return undefined;
  const counts = new Map<string, number>();
  for (const { subject, closed } of data.pages.flatMap((page) => page.lessons))
    if (subject && !closed) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  const subjects = [...counts].toSorted(([, one], [, other]) => other - one).map(([subject]) => subject);
  return chosen && !subjects.includes(chosen) ? [chosen, ...subjects] : subjects;
}
