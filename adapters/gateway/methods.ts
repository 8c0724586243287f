/** `Allow`, of a path that takes these methods. What answers GET once answers HEAD as well; OPTIONS tells this. */
export const allowed = (methods: readonly string[], headable: boolean): string =>
  [...methods, ...(headable ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ');
