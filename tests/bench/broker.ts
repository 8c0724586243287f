import { Connection } from 'rabbitmq-client';

/** Messages on their way at once; as many as the relay and the consumers have. */
const pipelined = 500;
const prefetch = 200;
const queue = 'bench';
const declared = { queue, durable: true, arguments: { 'x-queue-type': 'quorum' } } as const;
const body = Buffer.alloc(400, 'x');

/** What RabbitMQ alone can do: messages a second taken with a confirm, and given with an acknowledgement, by one client and one quorum queue. */
export async function brokerAlone(url: string, count: number): Promise<{ taken: number; given: number }> {
  const connection = new Connection(url);
  connection.on('error', () => {}); // told by what then fails
  try {
    await connection.queueDeclare(declared);
    const publisher = connection.createPublisher({ confirm: true });
    const taken = await rateOf(count, async () => {
      for (let sent = 0; sent < count; sent += pipelined)
        await Promise.all(
          Array.from({ length: Math.min(pipelined, count - sent) }, () =>
            publisher.send({ routingKey: queue, durable: true }, body),
          ),
        );
    });
    await publisher.close();
    const given = await rateOf(count, async () => {
      let left = count;
      const all = Promise.withResolvers<void>();
      const consumer = connection.createConsumer(
        { queue, queueOptions: declared, qos: { prefetchCount: prefetch }, concurrency: prefetch },
        async () => {
          if (--left === 0) all.resolve();
        },
      );
      consumer.on('error', all.reject);
      await all.promise;
      await consumer.close();
    });
    await connection.queueDelete(queue);
    return { taken, given };
  } finally {
    await connection.close();
  }
}

async function rateOf(count: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return count / ((performance.now() - began) / 1_000);
}
