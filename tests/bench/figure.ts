import type { Ceiling } from './pgbench.ts';
import type { LoadProcess, LoadResult } from './load.ts';
import { median, type Rounds } from './rounds.ts';
import type { Rooms } from './rooms.ts';
import type { Cpu, System, SystemName } from './system.ts';

/** One line of the table. */
export interface Row {
  what: string;
  on: SystemName;
  /** Undefined when no round could be kept. */
  value: number | undefined;
  unit: string;
  /** What could be reached at best, measured in the same rounds. */
  ceiling?: { value: number | undefined; what: string };
  goal?: Goal;
  /** Details beside the value, in words. */
  detail?: string;
  meaning: string;
  rounds: number;
  thrown: number;
  /** Share of the processors' work that was not ours. */
  others: number;
}

/** `least` of the ratio to the ceiling or of the value itself, or `most` of the value. */
export type Goal = { least: number; of: 'value' | 'ratio' } | { most: number; of: 'value' };

/** A system that is up, and what a figure needs to measure on it. */
export interface Bench {
  system: System;
  rooms: Rooms;
  load: LoadProcess;
  ceiling: Ceiling | undefined;
  /** Of one measurement. */
  seconds: number;
  say(line: string): void;
}

export interface Figure {
  name: string;
  on: readonly SystemName[];
  measure(bench: Bench): Promise<Row[]>;
}

export const roundsPerFigure = 3;

/** The value as a share of its ceiling; where less is better, the ceiling as a share of the value. */
export function ratioOf({ value, ceiling, unit }: Row): number | undefined {
  if (value === undefined || ceiling?.value === undefined) return undefined;
  return isRate(unit) ? value / ceiling.value : ceiling.value / value;
}

export const isRate = (unit: string): boolean => unit.endsWith('/s');

export function isMet(row: Row): boolean | undefined {
  const { goal, value } = row;
  const measured = goal?.of === 'ratio' ? ratioOf(row) : value;
  if (!goal || measured === undefined) return undefined;
  return 'least' in goal ? measured >= goal.least : measured <= goal.most;
}

/** The rounds' median of whatever `of` reads from one. */
export const middle = <Measured>(
  { kept }: Rounds<Measured>,
  of: (one: Measured) => number | undefined,
): number | undefined => median(kept.map(of).filter((value) => value !== undefined));

export const about = ({ kept, thrown, others }: Rounds<unknown>): Pick<Row, 'rounds' | 'thrown' | 'others'> => ({
  rounds: kept.length,
  thrown,
  others,
});

/** `node 0.31, PostgreSQL 0.12`: the median of each group's milliseconds for one of `count`. */
export function cpuEach<Measured>(
  all: Rounds<Measured>,
  of: (one: Measured) => { cpu: Cpu; result: LoadResult },
): { sum: number | undefined; detail: string } {
  const each = (group: string) => middle(all, (one) => (of(one).cpu[group] ?? 0) / of(one).result.done) ?? 0;
  const [first] = all.kept;
  const groups = first ? Object.keys(of(first).cpu) : [];
  return {
    sum: middle(all, (one) => Object.values(of(one).cpu).reduce((sum, ms) => sum + ms, 0) / of(one).result.done),
    detail: groups.map((group) => `${group} ${each(group).toFixed(2)}`).join(', '),
  };
}

/** What must be said when calls failed; a figure must not hide it. */
export function failures(results: readonly LoadResult[]): string {
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  return failed ? `; ${failed} FAILED: ${results.find(({ failure }) => failure)?.failure?.slice(0, 120)}` : '';
}
