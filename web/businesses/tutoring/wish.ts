/** What is looked for; it stands in the address of the page, so that it can be shared, reloaded and gone back to. */
export interface LessonSearch {
  q?: string | undefined;
  subject?: string | undefined;
  /** The chosen start time, as the API writes it. */
  at?: string | undefined;
}

const isWords = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

/** What of an address makes sense; the rest is left out. */
export function lessonSearch(raw: Readonly<Record<string, unknown>>): LessonSearch {
  const { q, subject, at } = raw;
  return {
    ...(isWords(q) && { q: q.slice(0, 100) }),
    ...(isWords(subject) && { subject: subject.slice(0, 60) }),
    ...(typeof at === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at) && { at }),
  };
}
