/** Role of a service in the business: core services run their own orders; supporting and general ones serve any order. */
export type Kind = 'core' | 'supporting' | 'general';

/** One service: everything else about it is read from its folder and its protos. */
export interface ServiceEntry {
  /** Folder, context, database and role; its protos are the package `jari.<name>.v1`. */
  name: string;
  kind: Kind;
  /** Where `envoy/config.ts local` looks for a service that was started by hand. The native stack takes any free port. */
  port: number;
  /** Methods that need no token; the service itself says the same (`openQuery`). */
  open: readonly string[];
}

/**
 * Every service. The only list of services: what hosts, deploys, draws and tests them
 * reads it, and tests/architecture/registry.test.ts compares it with the folders.
 */
export const services: readonly ServiceEntry[] = [
  { name: 'lodging', kind: 'core', port: 50061, open: ['QuoteReservation'] },
  { name: 'tutoring', kind: 'core', port: 50073, open: ['GetLesson', 'ListLessons', 'QuotePurchase'] },
  { name: 'preorder', kind: 'core', port: 50070, open: ['QuotePreorder'] },
  { name: 'rental', kind: 'core', port: 50067, open: ['QuoteRental'] },
  { name: 'seating', kind: 'core', port: 50065, open: ['QuoteSeatSelection'] },
  {
    name: 'property',
    kind: 'supporting',
    port: 50062,
    open: ['ListProperties', 'ListRooms', 'GetRoom', 'GetAvailability'],
  },
  { name: 'approval', kind: 'supporting', port: 50074, open: [] },
  { name: 'lecture', kind: 'supporting', port: 50076, open: [] },
  { name: 'inventory', kind: 'supporting', port: 50068, open: ['ListProducts', 'GetProduct'] },
  { name: 'assignment', kind: 'supporting', port: 50071, open: [] },
  { name: 'delivery', kind: 'supporting', port: 50069, open: [] },
  { name: 'studycafe', kind: 'supporting', port: 50066, open: ['ListCafes', 'GetCafe', 'ListSeats', 'WatchSeats'] },
  { name: 'payment', kind: 'general', port: 50063, open: [] },
  { name: 'views', kind: 'general', port: 50064, open: [] },
  { name: 'payout', kind: 'general', port: 50075, open: [] },
  { name: 'notification', kind: 'general', port: 50072, open: [] },
  { name: 'identity', kind: 'general', port: 50077, open: ['GetKeys'] },
];

/** The process that serves the web pages where the gateway is Envoy; the embedded gateway serves them itself. */
export const web = {
  name: 'web',
  /** From the checkout's root; reads WEB_PORT and WEB_HOST. */
  program: 'services/web.ts',
  /** Within its container, and when it was started by hand. The native stack takes any free port. */
  port: 8088,
};

/** A stand-in for an external server, with its own books; in development only. */
export interface Sandbox {
  /** Its folder of data, its container. */
  name: string;
  /** From the checkout's root; reads SANDBOX_PORT, SANDBOX_HOST and JARI_DATA. */
  program: string;
  /** Setting with its address. */
  setting: string;
  /** Within its container. The native stack takes any free port. */
  port: number;
}

export const sandboxes: readonly Sandbox[] = [
  {
    name: 'payment-provider',
    program: 'services/payment/provider/main.ts',
    setting: 'PAYMENT_PROVIDER_URL',
    port: 8090,
  },
  { name: 'messenger', program: 'services/notification/messenger/main.ts', setting: 'MESSENGER_URL', port: 8092 },
  { name: 'bank', program: 'services/payout/bank/main.ts', setting: 'BANK_URL', port: 8091 },
];
