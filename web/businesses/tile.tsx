import type { ReactNode } from 'react';
import { classes } from '../kit/classes.ts';
import { Link } from '../kit/link.tsx';
import { Skeleton, Waiting } from '../kit/skeleton.tsx';
import { Art } from './art.tsx';
import type { Business } from './registry.ts';
import css from './tile.module.css';

/** How many were found, then one tile for each. */
export const Tiles = ({ found, children }: { found?: string; children: ReactNode }) => (
  <>
    {found && (
      <p className={css.found} role="status">
        {found}
      </p>
    )}
    <ul className={css.grid}>{children}</ul>
  </>
);

/** One thing on offer in a list. The whole tile is the link to its page. */
export const Tile = ({
  business,
  to,
  search,
  picture,
  name,
  about,
  detail,
  price,
  per,
  children,
}: {
  business: Business;
  /** A path of our pages. */
  to: string;
  search?: object;
  /** Of the thing itself; without one, the art of the business. */
  picture?: ReactNode;
  name: string;
  about: ReactNode;
  /** Below what it is. */
  detail?: ReactNode;
  price: string;
  per?: string;
  /** At the end of the price's line. */
  children?: ReactNode;
}) => (
  <li>
    <Link to={to} {...(search && { search })} look="bare" className={css.card}>
      <span className={classes(css.art, picture !== undefined && css.picture)}>{picture ?? <Art of={business} />}</span>
      <span className={css.body}>
        <h2 className={css.name}>{name}</h2>
        <span className="muted small">{about}</span>
        {detail}
        <span className={css.foot}>
          <span>
            <b className={css.price}>{price}</b>
            {per && <span className="muted"> / {per}</span>}
          </span>
          {children}
        </span>
      </span>
    </Link>
  </li>
);

/** In the place of tiles that are still loaded. */
export const TilesWaiting = ({ count }: { count: number }) => (
  <Waiting>
    <ul className={css.grid}>
      {Array.from({ length: count }, (_, nth) => (
        <li key={nth}>
          <Skeleton shape="box" />
          <Skeleton shape="title" />
          <Skeleton />
        </li>
      ))}
    </ul>
  </Waiting>
);
