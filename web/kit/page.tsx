import { useEffect, type ReactNode } from 'react';
import { useWords } from '../text/language.ts';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';
import css from './page.module.css';

/** The name of the page in the browser's tab. */
export function useTitle(title: string): void {
  const { jari } = useWords();
  useEffect(() => {
    document.title = title === jari ? title : `${title} — ${jari}`;
  }, [title, jari]);
}

/** What every page stands in: the one h1, the way to it, and the width. `hidden`: the page draws its title itself. */
export function Page({
  title,
  lead,
  crumbs,
  aside,
  hidden = false,
  narrow = false,
  children,
}: {
  title: string;
  lead?: ReactNode;
  /** Links to the pages above. */
  crumbs?: readonly ReactNode[];
  /** At the end of the title's line. */
  aside?: ReactNode;
  hidden?: boolean;
  narrow?: boolean;
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className={classes('wrap', css.page, narrow && css.narrow)}>
      {crumbs && <Crumbs crumbs={crumbs} current={title} />}
      {!hidden && (
        <div className={css.top}>
          <div>
            <h1 tabIndex={-1}>{title}</h1>
            {lead && <p className="muted">{lead}</p>}
          </div>
          {aside && <div className={css.aside}>{aside}</div>}
        </div>
      )}
      {children}
    </div>
  );
}

function Crumbs({ crumbs, current }: { crumbs: readonly ReactNode[]; current: string }) {
  const { nav } = useWords();
  return (
    <nav aria-label={nav.back} className={css.crumbs}>
      <ol>
        {crumbs.map((crumb, index) => (
          <li key={index}>
            {crumb}
            <Icon name="right" size="small" />
          </li>
        ))}
        <li aria-current="page">{current}</li>
      </ol>
    </nav>
  );
}

/** A part of a page below a line. */
export const Section = ({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) => (
  <section className={css.section}>
    <div className={css.sectionTop}>
      <h2>{title}</h2>
      {aside}
    </div>
    {children}
  </section>
);
