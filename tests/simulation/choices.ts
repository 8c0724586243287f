/**
 * Where every decision of a history comes from: a seed, or a list that was recorded. 0 is always the tamest choice (no fault, the
 * oldest message), and what is past the end of a list is 0, so that a shorter or lower list is a simpler history.
 */
export interface Choices {
  /** One of 0 … `count` − 1. */
  pick(count: number): number;
  /** True about once in `times`. */
  once(times: number): boolean;
  readonly made: readonly number[];
}

const choices = (next: (count: number) => number): Choices => {
  const made: number[] = [];
  const pick = (count: number): number => {
    const choice = next(count);
    made.push(choice);
    return choice;
  };
  return { pick, once: (times) => pick(times) === times - 1, made };
};

export function fromSeed(seed: number): Choices {
  let state = (seed * 0x9e3779b9) >>> 0;
  return choices((count) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count) | 0;
  });
}

export function fromList(list: readonly number[]): Choices {
  let index = 0;
  return choices((count) => Math.min(list[index++] ?? 0, count - 1));
}

/** A list that still fails and from which nothing that was tried could be taken away. `fails` replays one. */
export async function shrink(
  list: readonly number[],
  fails: (list: readonly number[]) => Promise<boolean>,
  tries = 2_000,
): Promise<readonly number[]> {
  let best = withoutTail(list);
  let left = tries;
  const better = async (candidate: readonly number[]): Promise<boolean> => {
    if (left-- <= 0 || !(await fails(candidate))) return false;
    best = withoutTail(candidate);
    return true;
  };
  for (let size = Math.ceil(best.length / 2); size >= 1 && left > 0; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let start = 0; start < best.length && left > 0;) {
      const removed = [...best.slice(0, start), ...best.slice(start + size)];
      const tamed = best.map((choice, index) => (index >= start && index < start + size ? 0 : choice));
      if (await better(removed)) continue;
      if (best.slice(start, start + size).some((choice) => choice > 0)) await better(tamed);
      start += size;
    }
    if (size === 1) break;
  }
  return best;
}

const withoutTail = (list: readonly number[]): readonly number[] =>
  list.slice(0, list.findLastIndex((choice) => choice > 0) + 1);
