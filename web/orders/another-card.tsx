import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../api/api.ts';
import { queryClient } from '../api/client.ts';
import { useErrorText } from '../api/errors.ts';
import { CardChoice, useCard } from '../businesses/card-choice.tsx';
import { Button } from '../kit/button.tsx';
import { Notice } from '../kit/notice.tsx';
import { useTexts } from '../text/language.ts';
import css from './order.module.css';
import { text } from './text.ts';

/** Another card for an order whose card was declined. Pressed twice, it is charged once: the key lives until the order changes. */
export function AnotherCard({ orderId }: { orderId: string }) {
  const words = useTexts(text);
  const errorText = useErrorText();
  const card = useCard();
  const [key] = useState(() => crypto.randomUUID());
  const paying = useMutation({
    mutationFn: (id: string) =>
      answered(
        api.POST('/v1/payments/{order_id}:retry', {
          params: { path: { order_id: orderId }, header: { 'Idempotency-Key': `${key} ${id}` } },
          body: { paymentMethodId: id },
        }),
      ),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['payment', orderId] }),
  });
  return (
    <section className={css.card} aria-label={words.anotherCard}>
      <CardChoice card={card} />
      {paying.isError && (
        <Notice tone="bad" live title={words.notPaid}>
          <p>{errorText(paying.error)}</p>
        </Notice>
      )}
      {paying.isSuccess && (
        <Notice tone="info" live>
          <p>{words.paying}</p>
        </Notice>
      )}
      <Button
        large
        look="primary"
        busy={paying.isPending}
        isDisabled={!card.id || paying.isSuccess}
        onPress={() => card.id && paying.mutate(card.id)}
      >
        {words.payWithCard}
      </Button>
    </section>
  );
}
