import { useSyncExternalStore } from 'react';

/** ok; offline: the device says so; unreachable: nothing came back; back: it has just come again. */
export type Connection = 'ok' | 'offline' | 'unreachable' | 'back';

let state: Connection = navigator.onLine ? 'ok' : 'offline';
let since = Date.now();
let probing: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const backListeners = new Set<() => void>();

function set(next: Connection): void {
  if (next === state) return;
  const wasAway = state === 'offline' || state === 'unreachable';
  state = next;
  since = Date.now();
  for (const listener of listeners) listener();
  if (next === 'back' && wasAway) {
    for (const listener of backListeners) listener();
    setTimeout(() => state === 'back' && set('ok'), 5_000);
  }
}

/** Asks whether anybody is there, until somebody is. */
async function probe(): Promise<void> {
  clearTimeout(probing);
  const there = await fetch('/livez', { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (there) set('back');
  else probing = setTimeout(() => void probe(), 3_000);
}

export const connection = {
  failed(): void {
    if (state === 'offline' || state === 'unreachable') return;
    set(navigator.onLine ? 'unreachable' : 'offline');
    probing = setTimeout(() => void probe(), 1_000);
  },
  worked(): void {
    if (state === 'unreachable' || state === 'offline') set('back');
  },
  /** Asks at once. */
  tryNow: (): void => void probe(),
  onBack: (listener: () => void): void => void backListeners.add(listener),
};

window.addEventListener('offline', () => set('offline'));
window.addEventListener('online', () => void probe());

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useConnection = (): { state: Connection; since: number } => ({
  state: useSyncExternalStore(subscribe, () => state),
  since,
});
