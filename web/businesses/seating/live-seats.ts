import { useEffect, useState } from 'react';
import { follow } from '../../api/stream.ts';
import { seatsStream, type Seat } from './api.ts';
import type { Period } from './times.ts';

/** live: each change arrives within a second; reconnecting: what is shown may be old. */
export interface LiveSeats {
  seats: readonly Seat[] | undefined;
  state: 'connecting' | 'live' | 'reconnecting';
}

const unknown: LiveSeats = { seats: undefined, state: 'connecting' };

/** The seat map of a cafe at a time, as it changes. It comes back by itself, each time with the whole map. */
export function useLiveSeats(cafeId: string, period: Period): LiveSeats {
  const path = seatsStream(cafeId, period);
  const [heard, setHeard] = useState<LiveSeats & { path: string }>({ ...unknown, path });
  useEffect(() => {
    const tell = (change: (now: LiveSeats) => LiveSeats): void =>
      setHeard((now) => ({ ...change(now.path === path ? now : unknown), path }));
    const leaving = new AbortController();
    void follow<SeatsEvent>(path, leaving.signal, {
      heard: ({ snapshot, change }) =>
        tell(({ seats }) => ({
          state: 'live',
          seats: snapshot?.seats ?? seats?.map((seat) => (seat.id === change?.id ? change : seat)),
        })),
      broken: () => tell(({ seats }) => ({ seats, state: seats ? 'reconnecting' : 'connecting' })),
    });
    return () => leaving.abort();
  }, [path]);
  return heard.path === path ? heard : unknown;
}

interface SeatsEvent {
  snapshot?: { seats: readonly Seat[] };
  change?: Seat;
  error?: unknown;
}
