/** A page of the web application, as `npm run shots` draws it and tests/web looks at it. */
export interface WebPage {
  name: string;
  path: string;
}

/** A room of the sample data. */
const room = '019a3000-0000-7000-8000-000000000403';
const dates = 'check_in=2027-03-18&check_out=2027-03-21&guests=2';

/** Every page that can be opened without signing in. A new page is one line here. */
export const pages: readonly WebPage[] = [
  { name: 'home', path: '/' },
  { name: 'stays', path: `/lodging?${dates}` },
  { name: 'room', path: `/lodging/${room}?${dates}` },
  { name: 'room-order', path: `/lodging/${room}/order?${dates}` },
  { name: 'help', path: '/help' },
  { name: 'seating', path: '/seating' },
  { name: 'seating-cafe', path: '/seating/019a3000-0000-7000-8001-000000000200' },
  {
    name: 'seating-order',
    path: '/seating/019a3000-0000-7000-8001-000000000200/order?seat=019a3000-0000-7000-8001-000000000214',
  },
  { name: 'kit', path: '/kit' },
  { name: 'not-found', path: '/no-such-page' },
];
