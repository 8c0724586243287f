import { cpuOf, family, processes, processors } from './machine.ts';

/** More than this share of the time given to another machine, and a round says nothing. */
const mostSteal = 0.05;

export interface Rounds<Measured> {
  kept: Measured[];
  /** Rounds that counted for nothing, because another machine had the processors. */
  thrown: number;
  /** Share of the processors' work (0–1) that was not ours, in the rounds that were kept; the median. */
  others: number;
}

/**
 * Runs `round` so often that `count` can be kept, or twice as often at most. What is compared (a figure and its ceiling) is measured
 * within one round, so that both meet the same machine.
 */
export async function rounds<Measured>(count: number, round: () => Promise<Measured>): Promise<Rounds<Measured>> {
  const kept: { measured: Measured; others: number }[] = [];
  let thrown = 0;
  for (let run = 0; run < 2 * count && kept.length < count; run++) {
    const before = look();
    const measured = await round();
    const after = look();
    const steal = (after.steal - before.steal) / (after.total - before.total);
    if (steal > mostSteal) thrown++;
    else kept.push({ measured, others: 1 - (after.ours - before.ours) / (after.busy - before.busy) });
  }
  return {
    kept: kept.map(({ measured }) => measured),
    thrown,
    others: median(kept.map(({ others }) => Math.max(0, others))) ?? 0,
  };
}

/** Everything measured is a child of this process, or a child's child. */
function look() {
  const all = processes();
  return { ...processors(), ours: cpuOf(all, family(all, process.pid)) };
}

export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2
    ? sorted[Math.floor(middle)]
    : sorted.length
      ? ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
      : undefined;
}
