export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

/** An Envoy message where any type may stand. */
export const typed = (
  type: string,
  fields: { readonly [name: string]: Json | undefined } = {},
): { readonly [name: string]: Json | undefined } => ({
  '@type': `type.googleapis.com/${type}`,
  ...fields,
});
