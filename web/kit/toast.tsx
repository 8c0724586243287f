import { useSyncExternalStore } from 'react';
import { useWords } from '../text/language.ts';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';
import css from './toast.module.css';

interface ToastContent {
  text: string;
  /** bad: it did not work. */
  tone?: 'done' | 'bad';
  action?: { label: string; onPress(): void };
}

interface Shown extends ToastContent {
  id: number;
}

let shown: readonly Shown[] = [];
let next = 1;
const listeners = new Set<() => void>();
const set = (toasts: readonly Shown[]): void => {
  shown = toasts;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const stayMs = 6_000;
const close = (id: number): void => set(shown.filter((each) => each.id !== id));

/** Says in passing what was done. What has an action stays longer; what a person must know belongs into a Notice. */
export function toast(content: ToastContent): void {
  const id = next++;
  set([...shown.slice(-2), { ...content, id }]);
  setTimeout(() => close(id), content.action ? 2 * stayMs : stayMs);
}

/** Once, in the shell. It is always there, so that screen readers hear what comes. */
export function Toasts() {
  const words = useWords();
  const toasts = useSyncExternalStore(subscribe, () => shown);
  return (
    <section className={css.region} aria-label={words.kit.notifications} aria-live="polite">
      {toasts.map(({ id, ...content }) => (
        <ToastBox key={id} {...content} onClose={() => close(id)} />
      ))}
    </section>
  );
}

export function ToastBox({ text, tone = 'done', action, onClose }: ToastContent & { onClose(): void }) {
  const words = useWords();
  return (
    <div className={classes(css.toast, tone === 'bad' && css.bad)}>
      <Icon name={tone === 'bad' ? 'alert' : 'check'} />
      <span>{text}</span>
      <button
        type="button"
        onClick={() => {
          action?.onPress();
          onClose();
        }}
      >
        {action?.label ?? words.kit.close}
      </button>
    </div>
  );
}
