/** RFC 3339, of a day that the calendar has; without leap seconds, which none of our clocks shows. */
export function isTime(text: string): boolean {
  const [, year, month, day, hour, minute, second, , hours, minutes] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))$/.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const inDay = hour! < 24 && minute! < 60 && second! < 60;
  const isOffset = !(hours! > 23) && !(minutes! > 59); // NaN where it ends in Z
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && inDay && isOffset;
}

const daysIn = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
};
