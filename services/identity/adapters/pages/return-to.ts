/** A path of our own: whatever else is asked for, one goes to the first page. */
export function ownPath(wanted: string | undefined): string {
  if (!wanted?.startsWith('/') || wanted.length > 2_000) return '/';
  const here = 'http://jari.invalid';
  const url = URL.parse(wanted, here);
  if (!url || url.origin !== here || url.username || url.password) return '/';
  const path = `${url.pathname}${url.search}${url.hash}`;
  return path.startsWith('//') ? '/' : path;
}
