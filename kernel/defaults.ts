/**
 * Fields that a state got after its first version, each with the value that it has in rows written before, at its place in the state:
 * `{ booking: { agreedTotal: (booking) => booking.total } }`. In a list the fields of each element are named. A value of `undefined`
 * leaves the field out.
 */
export type Defaults<State> = { readonly [Field in KeyOf<State>]?: Missing<Having<State, Field>, Field> };

type Missing<Within, Field extends keyof Within> =
  | ((within: Within) => Within[Field] | undefined)
  | Below<NonNullable<Within[Field]>>;
type Below<Value> = Value extends readonly (infer Each)[] ? Inner<Each> : Inner<Value>;
type Inner<Value> = [Value] extends [object] ? Defaults<Value> : never;
type KeyOf<Union> = Union extends object ? keyof Union : never;
type Having<Union, Field extends PropertyKey> = Union extends object
  ? Field extends keyof Union
    ? Union
    : never
  : never;

type AnyDefaults = Readonly<Record<string, unknown>>;

/** Gives a state that was read from its row the fields that the row lacks, in place. */
export function complete<State>(row: State, defaults: Defaults<State> | undefined): State {
  if (defaults) fill(row, defaults as AnyDefaults);
  return row;
}

function fill(value: unknown, defaults: AnyDefaults): void {
  if (Array.isArray(value)) return value.forEach((each) => fill(each, defaults));
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Record<string, unknown>;
  for (const [field, missing] of Object.entries(defaults)) {
    if (typeof missing !== 'function') fill(fields[field], missing as AnyDefaults);
    else if (fields[field] === undefined) {
      const added: unknown = missing(fields);
      if (added !== undefined) fields[field] = added;
    }
  }
}
