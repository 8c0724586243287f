import { pino, type DestinationStream, type Logger } from 'pino';
import { currentScope } from '#adapters/scope/scope.ts';

/** Names of fields that no log may show, in any spelling: `authorization`, `access_token`, `cardNumber`. */
const secret = /authorization|cookie|token|secret|password|e_?mail|phone|card|cvc|holder|^pan$/i;

/**
 * JSON lines on stdout, from `LOG_LEVEL` (default `info`) up. Every line carries the order's or request's id that the code runs for
 * (K6), and none what belongs to a person alone.
 */
export const logger = (service: string, to: DestinationStream = pino.destination({ sync: false })): Logger =>
  pino(
    {
      base: { service },
      level: process.env.LOG_LEVEL ?? 'info',
      mixin() {
        const scope = currentScope();
        return scope ? { correlationId: scope.correlationId, causationId: scope.causationId } : {};
      },
      formatters: {
        level: (label) => ({ level: label }),
        log: redacted,
      },
      serializers: { err: (error: unknown) => redacted(pino.stdSerializers.err(error as Error)) },
    },
    to,
  );

/** A copy in which the values of secret fields are masked, at any depth; errors and class instances are left to their serializers. */
function redacted(fields: Record<string, unknown>): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields))
    shown[name] = secret.test(name) ? '[redacted]' : shownValue(value);
  return shown;
}

function shownValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shownValue);
  return isPlain(value) ? redacted(value) : value;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null);
