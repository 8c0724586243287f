/** A line of CSV (RFC 4180). Text that a spreadsheet would take for a formula is marked as text by an apostrophe. */
export const csvLine = (fields: readonly (string | number)[]): string =>
  `${fields.map((field) => (typeof field === 'number' ? String(field) : textField(field))).join()}\r\n`;

function textField(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
