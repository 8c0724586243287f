/** A page of the web application, as `npm run shots` draws it and tests/web looks at it. */
export interface WebPage {
  name: string;
  path: string;
}

/** A room of the sample data. */
const room = '019a3000-0000-7000-8000-000000000403';
/** Sample products. */
const phone = '019a3000-0000-7000-8000-000000001006';
const dispenser = '019a3000-0000-7000-8000-000000001001';
/** A lesson of it, with free times on each of the next days. */
const lesson = '019a3000-0000-7000-8003-000000001001';
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
  { name: 'phones', path: '/preorder' },
  { name: 'phone', path: `/preorder/${phone}?quantity=2` },
  { name: 'phone-order', path: `/preorder/${phone}/order?fulfilment=PICKUP` },
  { name: 'dispensers', path: '/rental' },
  { name: 'dispenser', path: `/rental/${dispenser}` },
  { name: 'dispenser-order', path: `/rental/${dispenser}/order?months=36` },
  { name: 'tutoring', path: '/tutoring' },
  { name: 'tutoring-none', path: '/tutoring?q=nothing-like-it' },
  { name: 'tutoring-lesson', path: `/tutoring/${lesson}` },
  { name: 'kit', path: '/kit' },
  { name: 'not-found', path: '/no-such-page' },
];
