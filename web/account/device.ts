/** What people call the browser that a User-Agent header names: `Chrome · Windows`; empty where nothing is known. */
export function deviceOf(userAgent: string): string {
  const first = (names: readonly (readonly [string, RegExp])[]): string =>
    names.find(([, sign]) => sign.test(userAgent))?.[0] ?? '';
  return [first(browsers), first(systems)].filter(Boolean).join(' · ');
}

// More than one sign may be there: the first that fits is the one.
const browsers = [
  ['KakaoTalk', /KAKAOTALK/i],
  ['NAVER', /NAVER\(/i],
  ['Edge', /\bEdg/],
  ['Samsung Internet', /SamsungBrowser/],
  ['Opera', /\bOPR\//],
  ['Firefox', /Firefox|FxiOS/],
  ['Chrome', /Chrome|CriOS/],
  ['Safari', /Safari/],
] as const;
const systems = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
] as const;
