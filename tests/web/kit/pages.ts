/** A page of the web application, as `npm run shots` draws it and tests/web looks at it. */
export interface WebPage {
  name: string;
  path: string;
}

/** Every page that can be opened without signing in. A new page is one line here. */
export const pages: readonly WebPage[] = [
  { name: 'home', path: '/' },
  { name: 'help', path: '/help' },
  { name: 'kit', path: '/kit' },
  { name: 'not-found', path: '/no-such-page' },
];
