/** The mailbox that an address reaches, to count by: letter case, and what follows a `+` before the `@`, name no other one. */
export function mailbox(address: string): string {
  const [, name = address, host = ''] = /^(.+?)(?:\+[^@]*)?(@[^@]*)$/.exec(address) ?? [];
  return `${name}${host}`.toLowerCase();
}

/**
 * An e-mail address as it is stored; the request's own rules have looked at its form. Undefined where the host is a single name, such as
 * `localhost`, or a number: a mail server takes these for itself or for a machine beside it.
 */
export function mailAddress(text: string): string | undefined {
  const address = text.trim();
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  return labels.length > 1 && /[^0-9]/.test(labels.at(-1) ?? '') ? address : undefined;
}
