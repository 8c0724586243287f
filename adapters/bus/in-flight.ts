const longMs = 60_000;

/** What a consumer has in hand, and since when. */
export function inFlightItems<Item>() {
  /** Oldest first. */
  const since = new Map<Item, number>();
  return {
    add: (item: Item): unknown => since.set(item, Date.now()),
    delete: (item: Item): unknown => since.delete(item),
    all: (): Iterable<Item> => since.keys(),
    /** How many of them for longer than a minute. */
    overdue(): number {
      const before = Date.now() - longMs;
      let count = 0;
      for (const at of since.values()) {
        if (at > before) break;
        count++;
      }
      return count;
    },
  };
}
