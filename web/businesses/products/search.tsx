import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Button } from '../../kit/button.tsx';
import { Page } from '../../kit/page.tsx';
import { Skeleton, Waiting } from '../../kit/skeleton.tsx';
import { EmptyState, ErrorState } from '../../kit/state.tsx';
import { useLanguage, useTexts } from '../../text/language.ts';
import { inLanguage } from '../../text/names.ts';
import { productsQuery, type Kind } from './api.ts';
import { colourName, colourOf } from './colours.ts';
import { familiesOf, type Family } from './families.ts';
import { Picture } from './picture.tsx';
import css from './search.module.css';
import { text } from './text.ts';

/** Products of one kind, one card for each family. */
export function ProductSearch({
  kind,
  title,
  lead,
  q = '',
  onSearch,
  card,
}: {
  kind: Kind;
  title: string;
  lead: string;
  q: string | undefined;
  onSearch(q: string | undefined): void;
  /** The link to a family, around what it shows. */
  card(family: Family, content: ReactNode): ReactNode;
}) {
  const words = useTexts(text);
  const { data, isError, refetch } = useQuery(productsQuery(kind, q));
  const families = data && familiesOf(data);
  return (
    <Page title={title} lead={lead}>
      <Form key={q} kind={kind} q={q} onSearch={onSearch} />
      {isError ? (
        <ErrorState onRetry={() => void refetch()} />
      ) : !families ? (
        <Waiting>
          <ul className={css.grid}>
            {[1, 2, 3].map((each) => (
              <li key={each}>
                <Skeleton shape="box" className={css.ghost} />
                <Skeleton shape="title" />
                <Skeleton />
              </li>
            ))}
          </ul>
        </Waiting>
      ) : families.length === 0 ? (
        <EmptyState title={words.none} action={<Button onPress={() => onSearch(undefined)}>{words.clear}</Button>}>
          {words.noneText}
        </EmptyState>
      ) : (
        <>
          <p className={css.found} role="status">
            {words.found(families.length)}
          </p>
          <ul className={css.grid}>
            {families.map((family) => (
              <li key={family.variants[0].id}>{card(family, <Shown family={family} />)}</li>
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

function Shown({ family: { name, variants } }: { family: Family }) {
  const words = useTexts(text);
  const { language } = useLanguage();
  const colours = [...new Set(variants.map(({ options }) => options?.colour ?? '').filter(Boolean))];
  const sizes = [...new Set(variants.map(({ options }) => options?.storage || options?.size).filter(Boolean))];
  return (
    <>
      <span className={css.art}>
        <Picture product={variants[0]} />
      </span>
      <span className={css.about}>
        <h2 className={css.name}>{inLanguage(name, language)}</h2>
        <span className="muted small">
          {[colours.length > 1 ? words.colours(colours.length) : colourName(colours[0] ?? '', language), ...sizes]
            .filter(Boolean)
            .join(' · ') || words.one}
        </span>
        <span className={css.dots} aria-hidden="true">
          {colours.map((colour) => (
            <i key={colour} style={{ background: colourOf(colour).body }} />
          ))}
        </span>
      </span>
    </>
  );
}

function Form({ kind, q, onSearch }: { kind: Kind; q: string; onSearch(q: string | undefined): void }) {
  const words = useTexts(text);
  const [typed, type] = useState(q);
  return (
    <form
      role="search"
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(typed.trim() || undefined);
      }}
    >
      <label className={css.what}>
        <span>{words.what}</span>
        <input
          value={typed}
          onChange={({ target }) => type(target.value)}
          placeholder={words.anything[kind]}
          maxLength={100}
        />
      </label>
      <Button type="submit" look="primary" large icon="search">
        {words.find}
      </Button>
    </form>
  );
}
