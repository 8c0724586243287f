import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Icon, type IconName } from '../../kit/icon.tsx';
import { Link } from '../../kit/link.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Skeleton } from '../../kit/skeleton.tsx';
import { Timeline } from '../../kit/timeline.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage, linesInLanguage } from '../../text/names.ts';
import { here } from '../../text/zone.ts';
import { Art } from '../art.tsx';
import { Tiles } from '../tile.tsx';
import { NotThere } from '../not-there.tsx';
import { RefundsSection } from '../refunds.tsx';
import { lessonQuery, lessonsQuery, quoteQuery, type Lesson as LessonData } from './api.ts';
import { Gone } from './gone.tsx';
import css from './lesson.module.css';
import { LessonTile } from './lesson-tile.tsx';
import { Pick } from './pick.tsx';
import { text } from './text.ts';
import { TimeChoice } from './time-choice.tsx';

const route = getRouteApi('/tutoring/$lessonId');

/** A lesson: what it is, its free times, how it works, and beside them the one that is chosen. */
export function Lesson() {
  const words = useTexts(text);
  const { lessonId } = route.useParams();
  const { data, error, refetch } = useQuery(lessonQuery(lessonId));
  if (data) return <LessonOf lesson={data} />;
  return (
    <NotThere business="tutoring" title={words.title} {...{ words, error }} onRetry={() => void refetch()}>
      <div className="stack">
        <Skeleton shape="title" />
        <Skeleton />
        <Skeleton shape="box" className={css.picture} />
        <Skeleton shape="title" />
        <Skeleton shape="box" />
      </div>
    </NotThere>
  );
}

function LessonOf({ lesson }: { lesson: LessonData }) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const { zone } = useFormats();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isOpen = lesson.status === 'ON_SALE' && !lesson.closed;
  const free = isOpen ? lesson.freeStartTimes : [];
  // Without a chosen time, the steps of the next one say what the terms are.
  const quote = useQuery(quoteQuery(lesson.id, search.at && free.includes(search.at) ? search.at : free[0]));
  const choose = (at: string): void => void navigate({ search: { ...search, at }, replace: true, resetScroll: false });
  const facts: readonly (readonly [IconName, string])[] = [
    ['clock', words.minutes(lesson.minutes)],
    ['users', words.byVideo],
    ...(lesson.subject ? [['tutoring', lesson.subject] as const] : []),
    ...(lesson.level ? [['user', lesson.level] as const] : []),
  ];
  return (
    <Page
      title={inLanguage(lesson.title, language)}
      crumbs={[
        <Link key="list" to="/tutoring" search={{ ...search, at: undefined }} look="bare">
          {words.title}
        </Link>,
      ]}
    >
      <div className={css.whole}>
        <div className={css.columns}>
          <div className={css.left}>
            <div className={css.picture}>
              <Art of="tutoring" />
            </div>
            <Section title={words.about}>
              <ul className={css.facts}>
                {facts.map(([icon, said]) => (
                  <li key={icon}>
                    <Icon name={icon} />
                    {said}
                  </li>
                ))}
              </ul>
              {lesson.description && <p className={css.said}>{linesInLanguage(lesson.description, language)}</p>}
            </Section>
            <Section title={words.times}>
              {free.length > 0 ? (
                <>
                  {search.at && !free.includes(search.at) && <Gone time={search.at} free={free} onChoose={choose} />}
                  <p className="muted small">{words.zoneText(zone(here()))}</p>
                  <TimeChoice free={free} chosen={search.at} onChoose={choose} />
                </>
              ) : (
                <Notice tone="wait" title={isOpen ? words.noTime : words.closed}>
                  {isOpen ? words.noTimeText : words.closedText}
                </Notice>
              )}
            </Section>
            <RefundsSection steps={quote.data?.refundSteps} zone={here()} note={words.refundText} />
            <Section title={words.how}>
              <Timeline
                label={words.how}
                steps={words.howSteps.map(([title, said]) => ({ state: 'todo', title, text: said }))}
              />
            </Section>
          </div>
          <Pick lesson={lesson} free={free} at={search.at} />
        </div>
        <SameTeacher lesson={lesson} />
      </div>
    </Page>
  );
}

/** What else the teacher offers, if anything. */
function SameTeacher({ lesson }: { lesson: LessonData }) {
  const words = useTexts(text);
  const { data } = useInfiniteQuery(lessonsQuery({}));
  const others = (data?.pages ?? [])
    .flatMap(({ lessons }) => lessons)
    .filter(({ id, sellerId, closed }) => sellerId === lesson.sellerId && id !== lesson.id && !closed)
    .slice(0, 3);
  return (
    others.length > 0 && (
      <Section title={words.sameTeacher}>
        <Tiles>
          {others.map((each) => (
            <LessonTile key={each.id} lesson={each} />
          ))}
        </Tiles>
      </Section>
    )
  );
}
