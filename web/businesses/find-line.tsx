import { useState } from 'react';
import { Button } from '../kit/button.tsx';
import css from './find-line.module.css';

/** Looks for words in a list. They stand in the address; going back shows those of then, and the focus stays where it is. */
export function FindLine({
  label,
  placeholder,
  find,
  words,
  onFind,
}: {
  label: string;
  placeholder: string;
  /** On the button. */
  find: string;
  words: string | undefined;
  onFind(words: string | undefined): void;
}) {
  const [q, setQ] = useState(words ?? '');
  const [shown, setShown] = useState(words);
  if (words !== shown) {
    setShown(words);
    setQ(words ?? '');
  }
  return (
    <form
      role="search"
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        onFind(q.trim() || undefined);
      }}
    >
      <label className={css.where}>
        <span>{label}</span>
        <input value={q} onChange={({ target }) => setQ(target.value)} placeholder={placeholder} maxLength={100} />
      </label>
      <Button type="submit" look="primary" large icon="search">
        {find}
      </Button>
    </form>
  );
}
