import { expect, test } from '@jest/globals';
import { csvLine } from './csv.ts';

test.each<[(string | number)[], string]>([
  [['EARNED', 5, -45_000], 'EARNED,5,-45000\r\n'],
  [['a, b', 'say "hi"', 'two\nlines'], '"a, b","say ""hi""","two\nlines"\r\n'],
  [['=1+1', '+82', '-x', '@sum', '\t=1', 'a=1'], "'=1+1,'+82,'-x,'@sum,'\t=1,a=1\r\n"],
  [['=HYPERLINK("http://x","y")'], '"\'=HYPERLINK(""http://x"",""y"")"\r\n'],
])('%j is a line that no spreadsheet takes for a formula', (fields, line) => expect(csvLine(fields)).toBe(line));
