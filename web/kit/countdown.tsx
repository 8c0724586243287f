import { useEffect, useState } from 'react';
import { useFormats, useWords } from '../text/language.ts';
import { classes } from './classes.ts';
import css from './countdown.module.css';

/** Now, once a second, until `end`. */
export function useNow(end: number): number {
  const [now, setNow] = useState(Date.now);
  const over = now >= end;
  useEffect(() => {
    if (over) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [over]);
  return now;
}

/** A deadline is a clock time; this stands beside it. The ring empties from `from` to `until`. */
export function Countdown({ from, until, over }: { from: number; until: number; over?: string }) {
  const words = useWords();
  const { duration } = useFormats();
  const now = useNow(until);
  const left = Math.max(0, until - now);
  const share = Math.min(1, left / Math.max(1, until - from));
  const state = left === 0 ? css.over : share < 0.25 ? css.hurry : css.calm;
  return (
    <span className={classes(css.countdown, state)} role="timer">
      <svg viewBox="0 0 34 34" className={css.ring} aria-hidden="true">
        <circle cx="17" cy="17" r="14" />
        <circle cx="17" cy="17" r="14" className={css.left} pathLength="100" strokeDasharray={`${share * 100} 100`} />
      </svg>
      {left === 0 ? (
        <b>{over ?? words.kit.over}</b>
      ) : (
        <span>
          <b>{duration(left)}</b> {words.kit.left}
        </span>
      )}
    </span>
  );
}
