const drawn = /(<!-- drawn: (\w+) -->\n)[^]*?(<!-- end -->)/g;

/** The document with everything between `<!-- drawn: NAME -->` and `<!-- end -->` drawn anew. */
export const redraw = (text: string, draw: (name: string) => string): string =>
  text.replaceAll(drawn, (_, begin: string, name: string, end: string) => `${begin}${draw(name)}\n${end}`);

/** Names of the drawings that a document shows. */
export const drawnIn = (text: string): string[] => [...text.matchAll(drawn)].map(([, , name]) => name as string);
