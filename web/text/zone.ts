/** The zone of the reader's clock. */
export const here = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
