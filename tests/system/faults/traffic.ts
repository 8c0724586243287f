import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { faultClient } from './client.ts';
import type { Native } from './native.ts';
import { fromToday, type Rooms } from './lodging/rooms.ts';

export interface Traffic {
  /** Answers with how many requests were made, and what became of those that failed. */
  stop(): Promise<{ requests: number; failures: string[] }>;
}

/** Requests of all kinds at a steady rate, each asked once: whatever is not answered well has failed. */
export async function startTraffic(place: Native, { instant }: Rooms, perSecond: number): Promise<Traffic> {
  const guests = Array.from({ length: 5 }, (_, nth) => `passer-by-${nth}`);
  const client = await faultClient(place, guests);
  const day = fromToday();
  const failures: string[] = [];
  const under = new Set<Promise<void>>();
  const reads = [
    '/v1/rooms',
    '/v1/lodging/reservations',
    '/v1/orders',
    '/v1/payments',
    `/v1/rooms/${instant[0]}/availability?from=${day(40)}&to=${day(50)}`,
  ];
  let requests = 0;
  let stopped = false;

  async function one(nth: number): Promise<void> {
    const guest = guests[nth % guests.length] as string;
    if (nth % 3 === 0) {
      const [turn, room] = [Math.floor(nth / 3 / instant.length), (nth / 3) % instant.length];
      const stay = {
        roomId: instant[room] as string,
        checkIn: day(100 + turn),
        checkOut: day(101 + turn),
        guests: 1,
        agreedTotal: undefined,
      };
      const outcome = await client.reserve(guest, nth % 2 ? 'rest' : 'grpc', stay, randomUUID());
      if (outcome.is !== 'accepted') failures.push(`reserve: ${outcome.why}`);
    } else {
      const path = reads[nth % reads.length] as string;
      if ((await client.read(guest, path)) === undefined) failures.push(`GET ${path}`);
    }
  }

  const generating = (async () => {
    const began = performance.now();
    for (; !stopped; requests++) {
      const due = began + (requests * 1_000) / perSecond;
      const early = due - performance.now();
      if (early > 0) await pause(early);
      const running = one(requests).finally(() => under.delete(running));
      under.add(running);
    }
  })();

  return {
    async stop() {
      stopped = true;
      await generating;
      await Promise.all(under);
      client.close();
      return { requests, failures };
    },
  };
}
