import { texts } from '../text/language.ts';

type Coming =
  | 'confirm'
  | 'hold'
  | 'pay'
  | 'stock'
  | 'send'
  | 'install'
  | 'accept'
  | 'receive'
  | 'pickUp'
  | 'activate'
  | 'room'
  | 'register'
  | 'checkIn'
  | 'use'
  | 'lesson'
  | 'end';

/** What is still to come, by kind and status. */
export const coming: Readonly<Record<string, readonly Coming[]>> = {
  'lodging.reservation REQUESTED': ['confirm', 'pay', 'checkIn'],
  'lodging.reservation CONFIRMED': ['pay', 'checkIn'],
  'lodging.reservation PAYMENT_PENDING': ['pay', 'checkIn'],
  'lodging.reservation PAID': ['checkIn'],
  'seating.selection SELECTED': ['hold', 'pay', 'use'],
  'seating.selection HELD': ['pay', 'register', 'use'],
  'seating.selection PAYMENT_PENDING': ['pay', 'register', 'use'],
  'seating.selection PAID': ['register', 'use'],
  'seating.selection REGISTERED': ['use'],
  'rental.rental RECEIVED': ['stock', 'send', 'install'],
  'rental.rental BACKORDERED': ['stock', 'send', 'install'],
  'rental.rental STOCK_CONFIRMED': ['send', 'install'],
  'rental.rental DELIVERING': ['install'],
  'preorder.preorder REQUESTED': ['accept', 'receive', 'activate'],
  'preorder.preorder ASSIGNED': ['accept', 'receive', 'activate'],
  'preorder.preorder WAITING_DEALERSHIP': ['accept', 'receive', 'activate'],
  'preorder.preorder ACCEPTED': ['receive', 'activate'],
  'preorder.preorder SHIPPED': ['receive', 'activate'],
  'preorder.preorder DELIVERED': ['activate'],
  'tutoring.purchase REQUESTED': ['pay', 'room', 'lesson'],
  'tutoring.purchase PAYMENT_PENDING': ['pay', 'room', 'lesson'],
  'tutoring.purchase PAID': ['room', 'lesson'],
  'tutoring.purchase READY': ['lesson'],
  CANCELLING: ['end'],
};

export const comes = texts<Readonly<Record<Coming, string>>>({
  ko: {
    confirm: '호스트가 확정해요',
    hold: '카페가 자리를 잡아요',
    pay: '결제가 끝나요',
    stock: '재고를 잡아요',
    send: '배송을 시작해요',
    install: '설치해요',
    accept: '대리점이 접수해요',
    receive: '휴대폰을 받아요',
    pickUp: '대리점에서 받아요',
    activate: '개통해요',
    room: '강의실을 준비해요',
    register: '좌석을 등록해요',
    checkIn: '체크인',
    use: '이용 시작',
    lesson: '수업 시작',
    end: '취소가 끝나요',
  },
  en: {
    confirm: 'The host confirms',
    hold: 'The cafe holds the seat',
    pay: 'The payment is done',
    stock: 'Stock is reserved',
    send: 'The delivery leaves',
    install: 'It is installed',
    accept: 'The dealership accepts',
    receive: 'You receive the phone',
    pickUp: 'You pick it up',
    activate: 'The phone is activated',
    room: 'The room is prepared',
    register: 'The seat is registered',
    checkIn: 'Check-in',
    use: 'Your time begins',
    lesson: 'The lesson begins',
    end: 'The cancellation is done',
  },
});
