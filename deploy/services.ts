/** One running service, as gateways and the stack know it. */
export interface ServiceEntry {
  /** Folder, context, database and role; its protos are the package `jari.<name>.v1`. */
  name: string;
  /** Where `envoy/config.ts local` looks for it: a service that was started by hand. The native stack takes any free port. */
  port: number;
  /** Methods that need no token; the service itself says the same (`openQuery`). */
  open: readonly string[];
}

/** A new business is a line here; everything else about it is read from its protos. */
export const services: readonly ServiceEntry[] = [
  { name: 'lodging', port: 50061, open: [] },
  { name: 'property', port: 50062, open: ['ListProperties', 'ListRooms', 'GetRoom', 'GetAvailability'] },
  { name: 'payment', port: 50063, open: [] },
  { name: 'seating', port: 50065, open: [] },
  { name: 'studycafe', port: 50066, open: ['ListCafes', 'GetCafe', 'ListSeats', 'WatchSeats'] },
  { name: 'views', port: 50064, open: [] },
  { name: 'rental', port: 50067, open: [] },
  { name: 'preorder', port: 50070, open: [] },
  { name: 'assignment', port: 50071, open: [] },
  { name: 'notification', port: 50072, open: [] },
  { name: 'inventory', port: 50068, open: ['ListProducts', 'GetProduct'] },
  { name: 'delivery', port: 50069, open: [] },
  { name: 'tutoring', port: 50073, open: ['GetLesson', 'ListLessons'] },
  { name: 'approval', port: 50074, open: [] },
  { name: 'payout', port: 50075, open: [] },
  { name: 'lecture', port: 50076, open: [] },
];

/** A server that stands in for one outside of Jari, with books of its own; in development only. */
export interface Sandbox {
  /** Its folder of data, its container. */
  name: string;
  /** From the checkout's root; reads SANDBOX_PORT, SANDBOX_HOST and JARI_DATA. */
  program: string;
  /** Where services are told its address. */
  setting: string;
  /** Within its container. The native stack takes any free port. */
  port: number;
}

export const sandboxes: readonly Sandbox[] = [
  { name: 'payment-provider', program: 'services/payment/provider/main.ts', setting: 'PAYMENT_PROVIDER_URL', port: 8090 },
  { name: 'messenger', program: 'services/notification/messenger/main.ts', setting: 'MESSENGER_URL', port: 8092 },
  { name: 'bank', program: 'services/payout/bank/main.ts', setting: 'BANK_URL', port: 8091 },
];
