import { useQuery } from '@tanstack/react-query';
import { cardsQuery, type Card as PaymentCard } from '../account/queries.ts';
import { useKept } from '../api/form-key.ts';
import { useSession } from '../api/session.ts';
import { Card } from '../kit/card.tsx';
import { Radios } from '../kit/choice.tsx';
import { Link } from '../kit/link.tsx';
import { Notice } from '../kit/notice.tsx';
import { cardName } from '../text/card-name.ts';
import { useTexts } from '../text/language.ts';
import { text } from './card-text.ts';

interface Chosen {
  cards: readonly PaymentCard[];
  /** The chosen card, or the default one; undefined while the cards are not known: then the default one is charged. */
  id: string | undefined;
  isWithout: boolean;
  choose(id: string): void;
}

/** The card that an order is paid with. */
export function useCard(): Chosen {
  const { person } = useSession();
  const { data } = useQuery({ ...cardsQuery, enabled: Boolean(person) });
  // A second try after a reload must send the same card. What is ordered stands in the address.
  const [chosen, choose] = useKept(`card ${location.pathname}${location.search}`, '');
  const cards = data?.paymentMethods ?? [];
  const card = cards.find(({ id }) => id === chosen) ?? cards.find((each) => each.default);
  // Without test tokens Jari may keep no cards at all, and orders are charged without one.
  const needsOne = data !== undefined && data.testTokens.length > 0 && !data.firstOrderBringsCard;
  return { cards, id: card?.id, isWithout: cards.length === 0 && needsOne, choose };
}

/** Which of one's cards is charged. Nothing while that is not known. */
export function CardChoice({ card: { cards, id, isWithout, choose } }: { card: Chosen }) {
  const words = useTexts(text);
  if (isWithout)
    return (
      <Notice tone="wait" title={words.noCards}>
        {words.noCardsText} <Link to="/account">{words.addCard}</Link>
      </Notice>
    );
  if (cards.length === 0) return null;
  return (
    <Card>
      <Radios
        label={words.pay}
        options={cards.map((card) => ({
          id: card.id,
          label: cardName(card),
          ...(card.default && { detail: words.isDefault }),
        }))}
        value={id ?? null}
        onChange={choose}
      />
    </Card>
  );
}
