import type { FieldViolation } from '#adapters/rpc/errors.ts';

/** A request that cannot be made into a message: 400, INVALID_ARGUMENT, `MALFORMED`. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  /** The fields that are to blame, where there are any. */
  readonly fields: readonly FieldViolation[];

  constructor(message: string, { fields = [], cause }: { fields?: readonly FieldViolation[]; cause?: unknown } = {}) {
    super(message, { cause });
    this.fields = fields;
  }
}

/** Further violations are left out. */
const toldViolations = 20;

/** All that is wrong at once, each with its field. */
export function malformedFields(violations: readonly FieldViolation[]): Malformed {
  const fields = violations.slice(0, toldViolations);
  return new Malformed(fields.map(({ field, description }) => `${field}: ${description}`).join('; '), { fields });
}

/** Names the field by its path in proto names: `price_per_night.units`. */
export const malformedField = (path: string, description: string): Malformed =>
  path === '' ? new Malformed(description) : malformedFields([{ field: path, description }]);
