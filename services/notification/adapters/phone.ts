import { EnvError, makeValidator } from 'envalid';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Kinds of numbers that receive texts at the normal price. */
const reachable: ReadonlySet<string | undefined> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE', 'VOIP']);

/** Longest text that is parsed. */
const longest = 40;

/**
 * A telephone number as it is stored, E.164: `010-1234-5678` → `+821012345678`. A number without a country is Korean. Undefined for what is
 * no number, for short, premium, toll-free and fixed-line numbers, and for networks of no country, such as satellites: none of them is a
 * personal telephone that receives messages at a usual price.
 */
export function mobileNumber(text: string): string | undefined {
  if (text.length > longest || !/^[+\d][\d ().-]*$/.test(text.trim())) return undefined;
  const parsed = parsePhoneNumberFromString(text, { defaultCountry: 'KR', extract: false });
  return parsed?.country && parsed.isValid() && reachable.has(parsed.getType()) ? parsed.number : undefined;
}

/** Calling codes with commas between them. */
export const callingCodes = makeValidator<string>((text) => {
  const codes = text.split(',').map((code) => code.trim());
  if (!codes.every((code) => /^[1-9]\d{0,2}$/.test(code))) throw new EnvError('calling codes, such as 82,81');
  return codes.join(',');
});

/** Whether a number is of a country with one of the calling codes; no code begins with another. Earlier versions stored `010-1234-5678`. */
export function isServed(number: string, codes: readonly string[]): boolean {
  const international = number.startsWith('+') ? number : (mobileNumber(number) ?? '');
  return codes.some((code) => international.startsWith(`+${code}`));
}
