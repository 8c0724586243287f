import type { SigningKey } from '#adapters/auth/keys.ts';

/**
 * A running Jari as the outside meets it: one process with all services, or the whole stack behind Envoy. Suites are functions of
 * a place, so that the same story is told in both.
 */
export interface Place {
  /** Names of those that it has. */
  readonly services: readonly string[];
  /** `http://127.0.0.1:8080` */
  readonly rest: string;
  /** `127.0.0.1:50051`, where everybody calls. */
  readonly grpc: string;
  /** Where a service itself listens, behind the gateway. */
  grpcOf(service: string): string;
  /** What its tokens are signed with. */
  readonly key: SigningKey;
  /** Asks a service's own database. */
  rows<Row extends object>(service: string, sql: string, ...values: unknown[]): Promise<Row[]>;
  /** kill -9: the service is away until it is started again. */
  kill(service: string): Promise<void>;
  start(service: string): Promise<void>;
  /** kill -9 of everything that is ours, then a start of all. */
  crash(): Promise<void>;
}
