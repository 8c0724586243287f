/** How many orders of one kind there were, and what became of them. */
export interface Count {
  kind: string;
  requested: number;
  confirmed: number;
  paid: number;
  /** Paid or declined at some time. */
  decided: number;
}

/** How a business does; shares are 0–1. */
export interface Kpi {
  kind: string;
  requested: number;
  confirmedShare: number;
  /** Of the payments that were decided. */
  paymentSuccessShare: number;
}

export const kpiOf = ({ kind, requested, confirmed, paid, decided }: Count): Kpi => ({
  kind,
  requested,
  confirmedShare: share(confirmed, requested),
  paymentSuccessShare: share(paid, decided),
});

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
