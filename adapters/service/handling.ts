import type { Envelope } from '#adapters/bus/messages.ts';
import type { Store } from '#adapters/mikro-orm/store.ts';
import { inScope } from '#adapters/scope/scope.ts';
import type { Addressed, Subscriptions } from './service.ts';

/**
 * Handles one message: each input that it means goes to its aggregate, once, in a transaction of its own. `consumer` names the
 * inbox: the service, and a generation when its records are rebuilt.
 */
export const handleWith =
  (store: Store, consumer: string, subscriptions: Subscriptions) =>
  async (envelope: Envelope): Promise<void> => {
    const inputs = await subscriptions.handle(envelope);
    await Promise.all(
      inputs.map((input) =>
        take(store, consumer, envelope, input, inputs.length > 1 ? `${envelope.id}/${input.id}` : envelope.id),
      ),
    );
  };

function take(
  store: Store,
  consumer: string,
  envelope: Envelope,
  { of, id, input, batchable }: Addressed,
  messageId: string,
): Promise<void> {
  const scope = {
    correlationId: envelope.correlationId,
    causationId: envelope.id,
    once: { by: 'message', consumer, messageId } as const,
    ...(envelope.traceparent ? { traceparent: envelope.traceparent } : {}),
    ...(batchable && { batchable }),
  };
  return inScope(scope, async () => {
    const result = isReader(input)
      ? await store.update(of, id, (state, read: unknown) => of.decide(state, read), input)
      : await store.update(of, id, (state) => of.decide(state, input));
    // Cores let messages that do not fit pass; one that is refused was made wrong, and somebody should look at it.
    if (!result.accepted) throw new Error(`${envelope.type} was refused by ${of.name} ${id}: ${result.refusal}`);
  });
}

const isReader = (input: unknown): input is () => Promise<unknown> => typeof input === 'function';
