/** No limits per caller and customer: a load comes from one address, and from a handful of people. */
export const unlimited = {
  JARI_RATE_PER_SUBJECT: '0',
  JARI_RATE_PER_ADDRESS: '0',
  JARI_CONNECTIONS_PER_ADDRESS: '0',
  JARI_LISTING_CHANGES: '0',
  JARI_ORDERS_PER_CUSTOMER: '0',
  JARI_CANCELLATIONS: '0',
  JARI_KEYS_PER_CALLER: '0',
  JARI_UNPAID_PER_CUSTOMER: '0',
  JARI_WAITING_LESSONS_PER_SELLER: '0',
  JARI_LODGING_REQUESTS_PER_HOST: '0',
  JARI_PREORDER_PHONES_PER_CUSTOMER: '0',
} as const;
