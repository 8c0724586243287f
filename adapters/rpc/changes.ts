import { invalid } from './errors.ts';

/**
 * What a request to change something asks for: the fields in its mask, or without one those that are present. `fields` has the change of
 * each field, by its path; undefined for one that is missing. An empty list of `lists` is present only if the mask names it.
 */
export function changesOf<Changes extends object>(
  mask: readonly string[] | undefined,
  what: string,
  fields: Readonly<Record<string, Partial<Changes> | undefined>>,
  lists: Readonly<Record<string, Partial<Changes>>> = {},
): Partial<Changes> {
  const all = new Map<string, Partial<Changes> | undefined>(Object.entries({ ...fields, ...lists }));
  const isPresent = ([path, change]: [string, Partial<Changes> | undefined]): boolean =>
    change !== undefined && !(path in lists && Object.values(change).flat().length === 0);
  const named = mask?.length ? [...new Set(mask)] : [...all].filter(isPresent).map(([path]) => path);
  const wrong = [
    ...named
      .filter((path) => !all.has(path))
      .map((path) => ({ field: 'update_mask', description: `${path} is not a field of ${what} that can be changed` })),
    ...named
      .filter((path) => all.has(path) && !all.get(path))
      .map((field) => ({ field, description: 'is named in update_mask but missing' })),
  ];
  if (wrong.length) throw invalid(...wrong);
  return Object.assign({}, ...named.map((path) => all.get(path))) as Partial<Changes>;
}

/** The change of one field, or undefined where the request lacks it. */
export const given = <Value, Change>(value: Value | undefined, change: (value: Value) => Change): Change | undefined =>
  value === undefined ? undefined : change(value);
