import type { LiveState } from '../api/live.ts';
import { useTexts } from '../text/language.ts';
import css from './live.module.css';
import { text } from './text.ts';

/** Whether changes arrive as they happen. */
export function Live({ state, children }: { state: LiveState; children?: string | undefined }) {
  const words = useTexts(text);
  return (
    <span className={css.live}>
      <i className={state === 'live' ? css.on : undefined} />
      {state === 'live' ? words.live : (children ?? words.connecting)}
    </span>
  );
}
