import type { State } from './states.ko.ts';

const cancelling: State = [
  'Cancelling',
  'Being cancelled',
  'The booking is being taken back and your refund is on its way. You need not do anything.',
  'It ends once everything is taken back.',
];
const cancelled: State = ['Cancelled', 'Cancelled', 'Everything was taken back.'];
const paymentFailed = (what: string): State => [
  'Payment failed',
  'The payment failed',
  `${what} is free again, and you were not charged.`,
];
const pending = (what: string): State => [
  'Waiting for payment',
  `Payment is delayed. ${what} is kept for you`,
  'The payment provider does not answer, so we keep trying. You need not do anything.',
  'It goes on by itself as soon as the provider answers.',
];

/** Whatever waits as PAYMENT_PENDING for another card. */
export const cardDeclined: State = [
  'Card declined',
  'Your card was declined. Your booking is still kept for you',
  'You were not charged. Choose another card, and your booking goes on with it.',
  'If it is not paid in time, what is kept becomes free again.',
];
/** The same, to who is not its customer. */
export const cardDeclinedOfOthers: State = [
  'Card declined',
  'The customer’s card was declined. Another one is awaited',
  'Nothing was charged, and the booking is still kept.',
  'If it is not paid in time, what is kept becomes free again.',
];

export const en: Readonly<Record<string, State>> = {
  'lodging.reservation REQUESTED': [
    'Host is deciding',
    'Waiting for the host',
    'Once the host accepts, you are charged. You need not do anything.',
    'Without an answer it is cancelled by itself, and nothing is charged.',
  ],
  'lodging.reservation CONFIRMED': [
    'Paying',
    'The host has confirmed. Payment is under way',
    'The room is kept for you. This takes a few seconds.',
    'After the payment the booking is final.',
  ],
  'lodging.reservation PAYMENT_PENDING': pending('The room'),
  'lodging.reservation PAID': [
    'Confirmed',
    'Your booking is confirmed',
    'It is paid. You need not do anything until check-in.',
  ],
  'lodging.reservation COMPLETED': ['Stayed', 'We hope you had a good stay', 'Thank you for booking with Jari.'],
  'lodging.reservation REJECTED': [
    'Declined',
    'It was not booked',
    'You were not charged. Try other dates or another room.',
  ],
  'lodging.reservation PAYMENT_FAILED': paymentFailed('The room'),
  'lodging.reservation CANCELLING': cancelling,
  'lodging.reservation CANCELLED': cancelled,
  'seating.selection SELECTED': [
    'Checking the seat',
    'Your seat is being held',
    'Once the cafe holds it, you are charged. You need not do anything.',
    'If it cannot be held, it is cancelled by itself, and nothing is charged.',
  ],
  'seating.selection HELD': [
    'Paying',
    'The seat is held. Payment is under way',
    'This takes a few seconds.',
    'After the payment the seat is registered.',
  ],
  'seating.selection PAYMENT_PENDING': pending('The seat'),
  'seating.selection PAID': [
    'Paid',
    'It is paid',
    'The seat is being registered. You need not do anything.',
    'If that fails, you get everything back.',
  ],
  'seating.selection REGISTERED': ['Confirmed', 'Your seat is ready', 'Just come to the cafe in time.'],
  'seating.selection COMPLETED': ['Used', 'Your time is over', 'Thank you for booking with Jari.'],
  'seating.selection REFUSED': [
    'Declined',
    'The seat could not be held',
    'You were not charged. Try another seat or time.',
  ],
  'seating.selection PAYMENT_FAILED': paymentFailed('The seat'),
  'seating.selection CANCELLING': cancelling,
  'seating.selection CANCELLED': cancelled,
  'rental.rental RECEIVED': [
    'Checking stock',
    'We have your order',
    'Stock is being checked. You need not do anything.',
    'If there is stock, delivery is arranged at once.',
  ],
  'rental.rental BACKORDERED': [
    'Waiting for stock',
    'Waiting for new stock',
    'There is none at the moment. Orders are served in the order they came.',
    'If it is not installed within 90 days, it is cancelled and you get everything back.',
  ],
  'rental.rental STOCK_CONFIRMED': [
    'Preparing delivery',
    'Your dispenser is ready',
    'A courier is being found. You need not do anything.',
    'You will see here when it leaves.',
  ],
  'rental.rental DELIVERING': [
    'On its way',
    'Your dispenser is on its way',
    'Tell the courier the code below.',
    'The rental begins when it is installed.',
  ],
  'rental.rental INSTALLED': ['Installed', 'It is installed', 'Enjoy it from today on.'],
  'rental.rental CANCELLING': cancelling,
  'rental.rental CANCELLED': cancelled,
  'preorder.preorder REQUESTED': [
    'Ordered',
    'We have your pre-order',
    'Stock is held, and a dealership is being found. You need not do anything.',
    'A dealership near you is asked.',
  ],
  'preorder.preorder ASSIGNED': [
    'Waiting for the dealership',
    'Waiting for the dealership',
    'A dealership was asked. You need not do anything.',
    'Without an answer, the next nearest one is asked.',
  ],
  'preorder.preorder WAITING_DEALERSHIP': [
    'Finding a dealership',
    'Looking for a dealership',
    'None has room at the moment. Your stock is held.',
    'As soon as there is room, it is asked by itself.',
  ],
  'preorder.preorder ACCEPTED': [
    'Accepted',
    'The dealership has accepted',
    'It is being prepared. You need not do anything.',
    'Everything is done once it is activated.',
  ],
  'preorder.preorder SHIPPED': [
    'On its way',
    'Your phone is on its way',
    'Tell the courier the code below.',
    'It is activated after you have it.',
  ],
  'preorder.preorder DELIVERED': [
    'Received',
    'You have your phone',
    'The dealership is activating it.',
    'Everything is done once it is activated.',
  ],
  'preorder.preorder ACTIVATED': ['Activated', 'It is activated', 'Enjoy your new phone.'],
  'preorder.preorder CANCELLING': cancelling,
  'preorder.preorder CANCELLED': cancelled,
  'tutoring.purchase REQUESTED': [
    'Paying',
    'The time is yours. Payment is under way',
    'This takes a few seconds.',
    'After the payment the room is prepared.',
  ],
  'tutoring.purchase PAYMENT_PENDING': pending('Your time'),
  'tutoring.purchase PAID': ['Paid', 'It is paid', 'The room is being prepared. You need not do anything.'],
  'tutoring.purchase READY': ['Ready', 'Your lesson is ready', 'The room opens ten minutes before the start.'],
  'tutoring.purchase COMPLETED': ['Done', 'The lesson is over', 'Well done.'],
  'tutoring.purchase PAYMENT_FAILED': paymentFailed('The time'),
  'tutoring.purchase CANCELLING': cancelling,
  'tutoring.purchase CANCELLED': cancelled,
  'tutoring.lesson SALE_REQUESTED': [
    'Waiting for approval',
    'Waiting for approval',
    'An administrator is looking at it.',
    'Once approved, it is on sale.',
  ],
  'tutoring.lesson ON_SALE': ['On sale', 'It is on sale', 'Students can choose a time.'],
  'tutoring.lesson SALE_REJECTED': ['Not approved', 'It was not approved', 'Change it, and it is looked at again.'],
  'tutoring.lesson WITHDRAWN': ['Withdrawn', 'No longer on sale', 'Lessons that were bought take place as planned.'],
  RECEIVED: ['Received', 'We have your order', 'It is being checked.'],
  WAITING: ['Waiting', 'Waiting for confirmation', 'We will tell you if you need to do something.'],
  ACTIVE: ['In progress', 'It is confirmed', 'Everything goes its way.'],
  DONE: ['Done', 'All done', 'Thank you for booking with Jari.'],
  REJECTED: ['Declined', 'It was not booked', 'You were not charged.'],
  FAILED: ['Payment failed', 'The payment failed', 'You were not charged.'],
  CANCELLING: cancelling,
  CANCELLED: cancelled,
};
