/** Names of fields with personal contents. */
const personal =
  /phone|mail|bank|address|token|secret|password|holder|location|contact|display_?name|^(number|lat|latitude|lng|longitude)$/i;

/** More than this of one record is left out: the trail says what was done, it is no copy of the data. */
const mostCharacters = 8_000;

/** As JSON, without what is personal. */
export function masked(value: unknown): string {
  const text = JSON.stringify(value, function (this: object, name, part: unknown) {
    // A name that stands beside an e-mail address is a person's.
    if ((personal.test(name) || (name === 'name' && 'email' in this)) && part !== null && part !== '') return '***';
    return typeof part === 'bigint' ? String(part) : part;
  });
  if (text === undefined) return '';
  return text.length <= mostCharacters ? text : JSON.stringify({ omitted: `${text.length} characters` });
}
