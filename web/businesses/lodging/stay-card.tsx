import { Link } from '../../kit/link.tsx';
import { Tag } from '../../kit/tag.tsx';
import { useFormats, useLanguage, useTexts, useWords } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import type { Stay } from './api.ts';
import { nightsBetween } from './dates.ts';
import { coverOf } from './pictures.ts';
import css from './stay-card.module.css';
import { text } from './text.ts';
import { totalOf, type StaySearch } from './wish.ts';

/** A room in a list: with dates, the total of them. */
export function StayCard({ stay, search }: { stay: Stay; search: StaySearch }) {
  const words = useTexts(text);
  const { calendar } = useWords();
  const { language } = useLanguage();
  const { money } = useFormats();
  const { room, property } = stay;
  const { check_in: from, check_out: to } = search;
  return (
    <li className={css.card}>
      <Link to="/lodging/$roomId" params={{ roomId: room.id }} search={search} look="bare" className={css.link}>
        <img src={coverOf(stay)} alt="" className={css.picture} loading="lazy" width={640} height={400} />
        <span className={css.body}>
          <span className="muted small">{inLanguage(property.name, language)}</span>
          <h2 className={css.name}>{inLanguage(room.name, language)}</h2>
          <span className="muted small">
            {placeOf(property.address)} · {words.upTo(room.capacity)}
          </span>
          <span className={css.foot}>
            <span>
              <b className={css.price}>
                {money(from && to ? totalOf(room.pricePerNight, from, to) : room.pricePerNight)}
              </b>
              <span className="muted"> / {from && to ? calendar.nights(nightsBetween(from, to)) : words.perNight}</span>
            </span>
            {room.instantBook ? (
              <Tag tone="good" icon="check">
                {words.instant}
              </Tag>
            ) : (
              <Tag icon="hour">{words.byHost}</Tag>
            )}
          </span>
        </span>
      </Link>
    </li>
  );
}

/** The first two words of an address: 부산광역시 해운대구. */
export const placeOf = (address: string): string => address.split(' ').slice(0, 2).join(' ');
