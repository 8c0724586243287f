import type { FieldViolation } from '#adapters/grpc/errors.ts';

/** A request that cannot be made into a message: 400, INVALID_ARGUMENT, `MALFORMED`. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  /** The field that is to blame, where there is one. */
  readonly fields: readonly FieldViolation[];

  constructor(message: string, ...fields: FieldViolation[]) {
    super(message);
    this.fields = fields;
  }
}

/** Names the field by its path in proto names: `price_per_night.units`. */
export const malformedField = (path: string, description: string): Malformed =>
  new Malformed(path === '' ? description : `${path}: ${description}`, ...(path === '' ? [] : [{ field: path, description }]));
