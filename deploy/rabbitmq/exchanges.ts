import { Connection } from 'rabbitmq-client';
import { exchanges } from '#adapters/rabbitmq/envelope.ts';

/**
 * Makes exchanges of an earlier version, which were of another type, what they are now: only a topic exchange has permissions on routing
 * keys. Services bind their queues again when they connect; what is sent before that comes back to its outbox.
 */
export async function topicExchanges(adminUrl: string): Promise<void> {
  const connection = new Connection(adminUrl);
  connection.on('error', () => {}); // it connects again by itself
  try {
    for (const exchange of Object.values(exchanges)) {
      const declared = { exchange, type: 'topic', durable: true };
      await connection.exchangeDeclare(declared).catch(async (error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'PRECONDITION_FAILED')) throw error;
        await connection.exchangeDelete({ exchange });
        await connection.exchangeDeclare(declared);
      });
    }
  } finally {
    await connection.close();
  }
}
