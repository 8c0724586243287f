import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../api/api.ts';
import { queryClient } from '../api/client.ts';
import { useErrorText } from '../api/errors.ts';
import { Button } from '../kit/button.tsx';
import { EmptyState } from '../kit/state.tsx';
import { Tag } from '../kit/tag.tsx';
import { toast } from '../kit/toast.tsx';
import { cardName } from '../text/card-name.ts';
import { useTexts } from '../text/language.ts';
import css from './account.module.css';
import { AddCard } from './add-card.tsx';
import { Confirm } from './confirm.tsx';
import { Section } from './section.tsx';
import { cardsQuery, type Card } from './queries.ts';
import { text } from './text.ts';

/** What orders are charged to. */
export function Cards() {
  const words = useTexts(text);
  const errorText = useErrorText();
  const query = useQuery(cardsQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [leaving, setLeaving] = useState<Card>();
  const choosing = useMutation({
    mutationFn: ({ id }: Card) =>
      answered(
        api.POST('/v1/payment-methods/{payment_method_id}:setDefault', {
          params: { path: { payment_method_id: id } },
          body: {},
        }),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: cardsQuery.queryKey });
      toast({ text: words.madeDefault });
    },
    onError: (error) => toast({ text: errorText(error), tone: 'bad' }),
  });
  const tokens = query.data?.testTokens ?? [];
  const add = tokens.length > 0 && <Button onPress={() => setIsAdding(true)}>{words.addCard}</Button>;
  const addText = query.data?.firstOrderBringsCard ? words.cardComes : words.noCardsText;
  return (
    <Section
      title={words.cards}
      lead={words.cardsText}
      query={query}
      aside={query.data?.paymentMethods.length ? add : undefined}
    >
      {({ paymentMethods: cards }) => (
        <>
          {cards.length ? (
            <ul aria-label={words.cards}>
              {cards.map((card) => (
                <CardRow
                  key={card.id}
                  card={card}
                  isBusy={choosing.isPending && choosing.variables.id === card.id}
                  onChoose={() => choosing.mutate(card)}
                  onLeave={() => setLeaving(card)}
                />
              ))}
            </ul>
          ) : (
            <EmptyState title={words.noCards} action={add}>
              {add ? addText : words.cannotAdd}
            </EmptyState>
          )}
          {isAdding && <AddCard tokens={tokens} onClose={() => setIsAdding(false)} />}
          {leaving && (
            <Confirm
              title={words.removeTitle}
              action={words.removeNow}
              done={words.removed}
              run={() => removed(leaving)}
              onClose={() => setLeaving(undefined)}
            >
              <p>
                <b>{cardName(leaving)}</b>
              </p>
              <p className="muted">{words.removeText}</p>
            </Confirm>
          )}
        </>
      )}
    </Section>
  );
}

async function removed({ id }: Card): Promise<void> {
  const rest = await answered(
    api.DELETE('/v1/payment-methods/{payment_method_id}', { params: { path: { payment_method_id: id } } }),
  );
  queryClient.setQueryData(cardsQuery.queryKey, rest);
}

function CardRow({
  card,
  isBusy,
  onChoose,
  onLeave,
}: {
  card: Card;
  isBusy: boolean;
  onChoose(): void;
  onLeave(): void;
}) {
  const words = useTexts(text);
  const [thisMonth] = useState(() => new Date().toISOString().slice(0, 7));
  const [year = '', month = ''] = card.expires.split('-');
  const name = cardName(card);
  return (
    <li className={css.row}>
      <div className={css.what}>
        <span>
          {name}
          {card.default && (
            <Tag tone="good" icon="check">
              {words.isDefault}
            </Tag>
          )}
          {card.expires <= thisMonth && (
            <Tag tone={card.expires < thisMonth ? 'bad' : 'wait'} icon="alert">
              {card.expires < thisMonth ? words.expired : words.expiresSoon}
            </Tag>
          )}
        </span>
        <span className="muted small">{words.expires(month, year.slice(2))}</span>
      </div>
      <div className={css.acts}>
        {!card.default && (
          <Button busy={isBusy} onPress={onChoose} aria-label={words.makeDefaultOf(name)}>
            {words.makeDefault}
          </Button>
        )}
        <Button look="danger" onPress={onLeave} aria-label={words.removeOf(name)}>
          {words.remove}
        </Button>
      </div>
    </li>
  );
}
