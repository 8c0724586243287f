/** What `npm start` prints when everything is up: where things are, who there is, and a first call. */
export const greeting = ({
  rest,
  pages,
  grpc,
  data,
  seconds,
}: {
  rest: string;
  pages: boolean;
  grpc: string;
  data: string;
  seconds: number;
}): string => `
  Jari (자리) is ready after ${seconds.toFixed(1)} s.

${pages ? `  Shop    ${shop(rest)}        (open it in a browser)\n` : ''}  REST    ${rest}
  gRPC    ${grpc}        (grpcurl -plaintext ${grpc} list)
  data    ${data}        (kept; Ctrl-C stops everything and loses nothing)

  People  guest, host, customer, buyer, seller, dealer, courier, agent, admin, or any name:  npm run -s token -- guest

  First call:

    curl ${rest}/v1/rooms

  and with a room's id from it:

    curl ${rest}/v1/lodging/reservations -H "Authorization: Bearer $(npm run -s token -- guest)" \\
      -d '{"room_id": "ROOM", "check_in": "${inDays(30)}", "check_out": "${inDays(32)}", "guests": 2}'

  The README tells the rest of the story.
`;

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Browsers keep sign-in by a security key to names: an address of numbers would have none. */
const shop = (rest: string): string => rest.replace('127.0.0.1', 'localhost');
