import { Values } from '../../kit/card.tsx';
import { Link } from '../../kit/link.tsx';
import { useFormats, useTexts } from '../../text/language.ts';
import { here } from '../../text/zone.ts';
import { Beside } from '../beside.tsx';
import type { Lesson } from './api.ts';
import css from './lesson.module.css';
import { text } from './text.ts';

/** The start time that is chosen, and the way to the order. On a small screen it stays at the bottom. */
export function Pick({ lesson, free, at }: { lesson: Lesson; free: readonly string[]; at: string | undefined }) {
  const words = useTexts(text);
  const { money, dateTime } = useFormats();
  const price = lesson.price ? money(lesson.price) : '';
  const isFree = at !== undefined && free.includes(at);
  const when = at && dateTime(at, here());
  return (
    <Beside
      label={words.choose}
      go={
        isFree && (
          <Link
            to="/tutoring/$lessonId/order"
            params={{ lessonId: lesson.id }}
            search={{ at }}
            look="primary"
            large
            full
          >
            {words.go}
          </Link>
        )
      }
      note={words.notYet}
      short={price}
      shortDetail={when}
    >
      <div>
        <b className={css.price}>{price}</b>
        <span className="muted">
          {' '}
          / {words.lesson} · {words.minutes(lesson.minutes)}
        </span>
      </div>
      {isFree ? (
        <>
          <h2 className={css.chosen}>{when}</h2>
          <Values rows={[[words.length, words.minutes(lesson.minutes)]]} total={[words.total, price]} />
        </>
      ) : (
        <div>
          <h2 className={css.chosen}>{free.length > 0 ? words.choose : words.noTime}</h2>
          <p className="muted">{free.length > 0 ? words.chooseText : words.noTimeText}</p>
        </div>
      )}
    </Beside>
  );
}
