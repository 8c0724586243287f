/** Test files that run together. */
export interface Round {
  name: string;
  /** Expressions that jest matches with the path from the checkout. */
  patterns: readonly string[];
  workers: string;
}

/** First what shares the machine well, two at a time; then whole systems, one after the other, each with the machine to itself. */
export const everything: readonly Round[] = [
  {
    name: 'units, contracts, adapters',
    patterns: ['^kernel/', '^services/', '^adapters/', '^web/', 'tests/architecture', 'tests/simulation'],
    workers: '2',
  },
  {
    name: 'Jari in one process: contracts, businesses, pages',
    patterns: ['tests/contracts', 'tests/system/embedded(?!-(install|start))', 'tests/web'],
    workers: '2',
  },
  {
    name: 'whole systems',
    patterns: ['^deploy/', 'tests/system/(?!embedded)', 'tests/system/embedded-(install|start)', 'tests/bench'],
    workers: '1',
  },
];
export const fast: readonly Round[] = [
  {
    name: 'cores and structure',
    patterns: ['kernel/', 'services/[a-z]+/[a-z-]+\\.test\\.ts$', 'tests/architecture'],
    workers: '2',
  },
];
