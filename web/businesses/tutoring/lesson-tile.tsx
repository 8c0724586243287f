import { Tag } from '../../kit/tag.tsx';
import { useFormats, useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { here } from '../../text/zone.ts';
import { Tile } from '../tile.tsx';
import type { Lesson } from './api.ts';
import { text } from './text.ts';
import type { LessonSearch } from './wish.ts';

/** A lesson in a list, with its next free time. */
export function LessonTile({ lesson, search = {} }: { lesson: Lesson; search?: LessonSearch }) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const { money, dateTime } = useFormats();
  const [next] = lesson.freeStartTimes;
  return (
    <Tile
      business="tutoring"
      to={`/tutoring/${lesson.id}`}
      search={search}
      name={inLanguage(lesson.title, language)}
      about={[lesson.subject, lesson.level, words.minutes(lesson.minutes)].filter(Boolean).join(' · ')}
      price={lesson.price ? money(lesson.price) : ''}
      per={words.lesson}
    >
      {next ? (
        <Tag tone="good" icon="clock">
          {words.next(dateTime(next, here()))}
        </Tag>
      ) : (
        <Tag>{words.full}</Tag>
      )}
    </Tile>
  );
}
