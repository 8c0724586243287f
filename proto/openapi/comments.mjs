// Comments of the protos, and what those of methods say of errors.

/** The comment of each message, field, enum, value, service and method, by its descriptor. */
export function commentsOf(registry) {
  const comments = new Map();
  for (const file of registry.files) {
    const texts = new Map(
      (file.proto.sourceCodeInfo?.location ?? []).map(({ path, leadingComments }) => [path.join(), leadingComments]),
    );
    const note = (desc, ...path) => {
      const text = texts.get(path.join()) ?? '';
      comments.set(desc, text.split('\n').map((line) => line.replace(/^ /, '').trimEnd()).join('\n').trim());
    };
    const ofEnum = (desc, ...path) => {
      note(desc, ...path);
      desc.values.forEach((value, nth) => note(value, ...path, 2, nth));
    };
    const ofMessage = (desc, ...path) => {
      note(desc, ...path);
      desc.fields.forEach((field) => note(field, ...path, 2, desc.proto.field.indexOf(field.proto)));
      desc.nestedMessages.forEach((nested) => ofMessage(nested, ...path, 3, desc.proto.nestedType.indexOf(nested.proto)));
      desc.nestedEnums.forEach((nested, nth) => ofEnum(nested, ...path, 4, nth));
    };
    file.enums.forEach((desc, nth) => ofEnum(desc, 5, nth));
    file.messages.forEach((desc, nth) => ofMessage(desc, 4, nth));
    file.services.forEach((desc, nth) => {
      note(desc, 6, nth);
      desc.methods.forEach((method, nth2) => note(method, 6, nth, 2, nth2));
    });
  }
  return comments;
}

/** Lines of one paragraph as one line, so that a reader may break them where it likes. */
export const flowing = (text) => text.replaceAll(/([^\n])\n(?![\n-])\s*/g, '$1 ');

/** The first sentence, without its full stop. */
export const summaryOf = (text) => /^(.+?)\.(\s|$)/s.exec(flowing(text))?.[1] ?? flowing(text);

/**
 * A method's comment lists its errors: `- FAILED_PRECONDITION `NIGHTS_TAKEN`: when; `DECLINED`: when.` Several codes may share a line, and
 * a code without a reason has the general one.
 */
export function errorsIn(comment) {
  const lines = flowing(comment).split('\n');
  return {
    text: lines.filter((line) => !isError.test(line)).join('\n').replaceAll(/\n{3,}/g, '\n\n').trim(),
    errors: lines.filter((line) => isError.test(line)).flatMap(errorsOf),
  };
}

const isError = /^- [A-Z]+(_[A-Z]+)*[ ,:]/;

function errorsOf(line) {
  const [, codes, rest] = /^- ([A-Z_]+(?:, [A-Z_]+)*)(.*)$/s.exec(line);
  const parts = rest.trim().split(/(?:^|; )(?=`[A-Z][A-Z0-9_]*`)/).filter(Boolean);
  return codes.split(', ').flatMap((code) =>
    parts.map((part) => {
      const [, reason, , said] = /^(?:`([A-Z][A-Z0-9_]*)`)?( \[[^\]]+\])?:?\s*(.*)$/s.exec(part);
      return { code, ...(reason && { reason }), description: said.replace(/\.$/, '') };
    }),
  );
}
