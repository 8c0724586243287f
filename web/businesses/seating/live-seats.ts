import { useEffect, useState } from 'react';
import { seatsStream, type Seat } from './api.ts';
import type { Period } from './times.ts';

/** live: each change arrives within a second; reconnecting: what is shown may be old. */
export interface LiveSeats {
  seats: readonly Seat[] | undefined;
  state: 'connecting' | 'live' | 'reconnecting';
}

/** A stream says something at least every 15 seconds; one that is silent for longer is dead, whatever the browser thinks. */
const silenceMs = 40_000;
const pauseMs = 2_000;

const unknown: LiveSeats = { seats: undefined, state: 'connecting' };

/** The seat map of a cafe at a time, as it changes. It comes back by itself, each time with the whole map. */
export function useLiveSeats(cafeId: string, period: Period): LiveSeats {
  const path = seatsStream(cafeId, period);
  const [heard, setHeard] = useState<LiveSeats & { path: string }>({ ...unknown, path });
  useEffect(() => {
    const tell = (change: (now: LiveSeats) => LiveSeats): void =>
      setHeard((now) => ({ ...change(now.path === path ? now : unknown), path }));
    return follow(path, tell);
  }, [path]);
  return heard.path === path ? heard : unknown;
}

/** Reads the stream until it is left. */
function follow(path: string, tell: (change: (now: LiveSeats) => LiveSeats) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout>;
  const lost = (): void => {
    tell(({ seats }) => ({ seats, state: seats ? 'reconnecting' : 'connecting' }));
    source?.close();
    clearTimeout(timer);
    timer = setTimeout(open, pauseMs);
  };
  const open = (): void => {
    source = new EventSource(path);
    timer = setTimeout(lost, silenceMs);
    source.addEventListener('error', lost);
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      clearTimeout(timer);
      timer = setTimeout(lost, silenceMs);
      const { snapshot, change, error } = JSON.parse(data) as StreamEvent;
      if (error) return lost();
      tell(({ seats }) => ({
        state: 'live',
        seats: snapshot?.seats ?? seats?.map((seat) => (seat.id === change?.id ? change : seat)),
      }));
    });
  };
  open();
  return () => {
    source?.close();
    clearTimeout(timer);
  };
}

interface StreamEvent {
  snapshot?: { seats: readonly Seat[] };
  change?: Seat;
  error?: unknown;
}
