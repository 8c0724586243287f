/** How many are open now, by key. */
export interface OpenCounts {
  of(key: string): number;
  /** Counts one more until the returned function is called. */
  open(key: string): () => void;
}

export function openCounts(): OpenCounts {
  const counts = new Map<string, number>();
  const of = (key: string): number => counts.get(key) ?? 0;
  return {
    of,
    open(key) {
      counts.set(key, of(key) + 1);
      return () => {
        const left = of(key) - 1;
        if (left) counts.set(key, left);
        else counts.delete(key);
      };
    },
  };
}
