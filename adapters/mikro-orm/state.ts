import { complete, type Defaults } from '#kernel/defaults.ts';

/** A state from its row, with the fields that the row lacks. Every state is read through here, also by a service's own queries. */
export const stateFrom = <State>(of: { initial: State; defaults?: Defaults<State> }, row: string): State =>
  complete(JSON.parse(row) as State, of.defaults);
