import { useEffect, useState, type ReactNode } from 'react';
import { useWords } from '../text/language.ts';
import { classes } from './classes.ts';
import css from './skeleton.module.css';

/** A grey line or box in the place of what is to come. */
export const Skeleton = ({
  shape = 'text',
  className,
}: {
  shape?: 'text' | 'title' | 'box';
  className?: string | undefined;
}) => <span className={classes(css.skeleton, css[shape], className)} />;

/**
 * Stands for a part of the page until it is there: nothing below 0.3 s, then the skeleton of the real layout, after 10 s a sentence.
 */
export function Waiting({ children }: { children: ReactNode }) {
  const words = useWords();
  const [since, setSince] = useState<'now' | 'shown' | 'slow'>('now');
  useEffect(() => {
    const timers = [setTimeout(() => setSince('shown'), 300), setTimeout(() => setSince('slow'), 10_000)];
    return () => timers.forEach(clearTimeout);
  }, []);
  return (
    <div role="status" className={since === 'now' ? css.unseen : undefined}>
      <span className="sr">{words.kit.loading}</span>
      {since === 'slow' && <p className={css.slow}>{words.page.slow}</p>}
      <div aria-hidden="true">{children}</div>
    </div>
  );
}
