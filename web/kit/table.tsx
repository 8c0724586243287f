import type { ReactNode } from 'react';
import { useWords } from '../text/language.ts';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';
import { Skeleton } from './skeleton.tsx';
import css from './table.module.css';

export interface Column<Row> {
  id: string;
  title: string;
  cell(row: Row): ReactNode;
  /** Amounts and counts stand at the end. */
  numeric?: boolean;
  sortable?: boolean;
}

export interface Sort {
  by: string;
  descending: boolean;
}

/** On a small screen each row is a block, with the column's title before its value. */
export function Table<Row extends { id: string }>({
  label,
  columns,
  rows,
  sort,
  onSort,
  empty,
}: {
  label: string;
  columns: readonly Column<Row>[];
  /** Undefined while they are loaded. */
  rows: readonly Row[] | undefined;
  sort?: Sort;
  onSort?(sort: Sort): void;
  empty: ReactNode;
}) {
  const words = useWords();
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <caption className="sr">{label}</caption>
        <thead>
          <tr>
            {columns.map(({ id, title, numeric, sortable }) => {
              const direction = sort?.by === id ? (sort.descending ? 'descending' : 'ascending') : undefined;
              return (
                <th key={id} scope="col" className={classes(numeric && css.numeric)} aria-sort={direction}>
                  {sortable && onSort ? (
                    <button type="button" onClick={() => onSort({ by: id, descending: direction === 'ascending' })}>
                      {title}
                      <Icon name={direction ? (direction === 'ascending' ? 'up' : 'down') : 'sort'} size="small" />
                    </button>
                  ) : (
                    title
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows?.map((row) => (
            <tr key={row.id}>
              {columns.map(({ id, title, cell, numeric }) => (
                <td key={id} data-title={title} className={classes(numeric && css.numeric)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          )) ??
            [1, 2, 3].map((line) => (
              <tr key={line}>
                {columns.map(({ id, title }) => (
                  <td key={id} data-title={title}>
                    <span className="sr">{words.kit.loading}</span>
                    <Skeleton />
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
      {rows?.length === 0 && empty}
    </div>
  );
}
