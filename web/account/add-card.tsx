import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../api/api.ts';
import { queryClient } from '../api/client.ts';
import { useErrorText } from '../api/errors.ts';
import { Button } from '../kit/button.tsx';
import { Radios } from '../kit/choice.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Notice } from '../kit/notice.tsx';
import { toast } from '../kit/toast.tsx';
import { useTexts } from '../text/language.ts';
import css from './account.module.css';
import { cardsQuery } from './queries.ts';
import { text } from './text.ts';

/** The sandbox has cards to choose from, instead of a provider's page. Pressed twice, one is added: the key lives as long as the dialog. */
export function AddCard({ tokens, onClose }: { tokens: readonly string[]; onClose(): void }) {
  const words = useTexts(text);
  const errorText = useErrorText();
  const [key] = useState(() => crypto.randomUUID());
  const [token, setToken] = useState(tokens[0] ?? '');
  const adding = useMutation({
    mutationFn: () =>
      answered(
        api.POST('/v1/payment-methods', {
          params: { header: { 'Idempotency-Key': `${key} ${token}` } },
          body: { token },
        }),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: cardsQuery.queryKey });
      toast({ text: words.added });
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.addTitle}
      actions={
        <>
          <Button large full onPress={onClose}>
            {words.close}
          </Button>
          <Button large full look="primary" busy={adding.isPending} onPress={() => adding.mutate()}>
            {words.addCard}
          </Button>
        </>
      }
    >
      <div className={css.dialog}>
        <p className="muted">{words.addText}</p>
        <Radios
          label={words.addWhich}
          options={tokens.map((id) => ({ id, label: words.tokens[id] ?? id }))}
          value={token}
          onChange={setToken}
        />
        {adding.isError && (
          <Notice tone="bad" live title={words.failed}>
            <p>{errorText(adding.error)}</p>
          </Notice>
        )}
      </div>
    </Dialog>
  );
}
