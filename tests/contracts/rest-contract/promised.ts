import type { JsonObject } from '@bufbuild/protobuf';
import { get, type Refused, type Understood } from '../rest-conformance.calls.ts';

/** What a method promises to who calls it by REST: paths, fields and words that other people's programs hold on to. */
export type Promised = {
  calls: readonly [Understood, ...Understood[]];
} & (
  | {
      /** As the service tells it and as either gateway prints it, to the letter. */
      answer: JsonObject;
    }
  | {
      /** A stream's, likewise. */
      events: readonly JsonObject[];
    }
  | {
      /** A file's pieces, one after the other. */
      file: { type: string; pieces: readonly string[] };
    }
);

export interface Contract {
  /** `jari.rental.v1.RentalService` */
  service: string;
  methods: Readonly<Record<string, Promised>>;
  /** What of its requests both gateways refuse by themselves, beside what they refuse of every method. */
  refused: readonly Refused[];
}

export const won = (units: string): JsonObject => ({ currencyCode: 'KRW', units, nanos: 0 });
export const times = { createTime: '2026-12-24T03:00:00Z', updateTime: '2026-12-24T03:00:00.500Z' };
/** Where nothing is said of why. */
export const noReason = { reason: '', reasonText: '' };

/** Each word that a list can be filtered by. */
export const words = (path: string, field: string, all: readonly string[]): Understood[] =>
  all.map((word) => get(`the ${field} ${word}`, `${path}?${field}=${word}`, { [field]: word }));
