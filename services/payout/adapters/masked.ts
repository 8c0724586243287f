/** All digits but the last four as asterisks. */
export const masked = (number: string): string => {
  const digits = number.replaceAll(/\D/g, '').length;
  let nth = 0;
  return number.replaceAll(/\d/g, (digit) => (nth++ < digits - 4 ? '*' : digit));
};
