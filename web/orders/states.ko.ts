/** Where an order stands: its word, what is so, what is safe and to do, and what happens next. */
export type State = readonly [word: string, title: string, text: string, next?: string];

const cancelling: State = [
  '취소하는 중',
  '취소하고 있어요',
  '예약을 되돌리고 돌려드릴 돈을 보내고 있어요. 하실 일은 없어요.',
  '모두 되돌리면 취소가 끝나요.',
];
const cancelled: State = ['취소됨', '취소됐어요', '예약은 모두 되돌렸어요.'];
const paymentFailed = (what: string): State => [
  '결제 실패',
  '결제가 되지 않았어요',
  `잡아 둔 ${what} 풀었고, 나간 돈은 없어요.`,
];
const pending = (what: string): State => [
  '결제 기다리는 중',
  `결제가 지연되고 있어요. ${what} 잡아 두었어요`,
  '결제 대행사가 제때 답하지 않아서 저희가 다시 시도하고 있어요. 지금 하실 일은 없어요.',
  '결제 대행사가 답하면 저절로 이어져요.',
];

/** Whatever waits as PAYMENT_PENDING for another card. */
export const cardDeclined: State = [
  '카드 거절됨',
  '카드가 거절됐어요. 예약은 아직 잡아 두었어요',
  '나간 돈은 없어요. 다른 카드를 고르면 그 카드로 결제하고 예약을 이어 가요.',
  '기한까지 결제되지 않으면 잡아 둔 것을 풀어요.',
];
/** The same, to who is not its customer. */
export const cardDeclinedOfOthers: State = [
  '카드 거절됨',
  '고객의 카드가 거절돼서 다른 카드를 기다려요',
  '나간 돈은 없고, 예약은 아직 잡아 두었어요.',
  '기한까지 결제되지 않으면 잡아 둔 것을 풀어요.',
];

export const ko: Readonly<Record<string, State>> = {
  'lodging.reservation REQUESTED': [
    '호스트 확인 중',
    '호스트의 답을 기다려요',
    '호스트가 받아 주면 바로 결제해요. 지금 하실 일은 없어요.',
    '답이 없으면 저절로 취소되고, 나가는 돈은 없어요.',
  ],
  'lodging.reservation CONFIRMED': [
    '결제하는 중',
    '호스트가 확정했어요. 결제하고 있어요',
    '방은 잡아 두었어요. 몇 초면 끝나요.',
    '결제가 끝나면 예약이 확정돼요.',
  ],
  'lodging.reservation PAYMENT_PENDING': pending('방은'),
  'lodging.reservation PAID': [
    '예약 확정',
    '예약이 확정됐어요',
    '결제까지 끝났어요. 체크인하는 날까지 하실 일은 없어요.',
  ],
  'lodging.reservation COMPLETED': ['이용 완료', '잘 다녀오셨나요', '이용해 주셔서 고마워요.'],
  'lodging.reservation REJECTED': ['거절됨', '예약되지 않았어요', '나간 돈은 없어요. 다른 날짜나 방을 골라 보세요.'],
  'lodging.reservation PAYMENT_FAILED': paymentFailed('방은'),
  'lodging.reservation CANCELLING': cancelling,
  'lodging.reservation CANCELLED': cancelled,
  'seating.selection SELECTED': [
    '자리 확인 중',
    '자리를 잡고 있어요',
    '카페가 자리를 잡아 주면 바로 결제해요. 하실 일은 없어요.',
    '자리를 잡지 못하면 저절로 취소되고, 나가는 돈은 없어요.',
  ],
  'seating.selection HELD': [
    '결제하는 중',
    '자리를 잡았어요. 결제하고 있어요',
    '몇 초면 끝나요.',
    '결제가 끝나면 좌석이 등록돼요.',
  ],
  'seating.selection PAYMENT_PENDING': pending('자리는'),
  'seating.selection PAID': [
    '결제 완료',
    '결제가 끝났어요',
    '좌석을 등록하고 있어요. 하실 일은 없어요.',
    '등록하지 못하면 모두 돌려드려요.',
  ],
  'seating.selection REGISTERED': ['예약 확정', '자리가 준비됐어요', '시간에 맞춰 카페로 가면 돼요.'],
  'seating.selection COMPLETED': ['이용 완료', '이용 시간이 끝났어요', '이용해 주셔서 고마워요.'],
  'seating.selection REFUSED': ['거절됨', '자리를 잡지 못했어요', '나간 돈은 없어요. 다른 자리나 시간을 골라 보세요.'],
  'seating.selection PAYMENT_FAILED': paymentFailed('자리는'),
  'seating.selection CANCELLING': cancelling,
  'seating.selection CANCELLED': cancelled,
  'rental.rental RECEIVED': [
    '재고 확인 중',
    '신청을 받았어요',
    '재고를 확인하고 있어요. 하실 일은 없어요.',
    '재고가 있으면 바로 배송을 잡아요.',
  ],
  'rental.rental BACKORDERED': [
    '들어오기 기다리는 중',
    '들어오기를 기다려요',
    '지금은 재고가 없어서 순서를 기다리고 있어요. 먼저 신청한 순서대로 보내 드려요.',
    '90일 안에 설치하지 못하면 저절로 취소되고 모두 돌려드려요.',
  ],
  'rental.rental STOCK_CONFIRMED': [
    '배송 준비 중',
    '정수기를 준비했어요',
    '배송 기사를 정하고 있어요. 하실 일은 없어요.',
    '출발하면 여기에서 바로 보여요.',
  ],
  'rental.rental DELIVERING': [
    '배송 중',
    '정수기가 가고 있어요',
    '기사님이 오면 아래 확인 번호를 알려 주세요.',
    '설치하면 렌탈이 시작돼요.',
  ],
  'rental.rental INSTALLED': ['설치 완료', '설치가 끝났어요', '오늘부터 편하게 쓰세요.'],
  'rental.rental CANCELLING': cancelling,
  'rental.rental CANCELLED': cancelled,
  'preorder.preorder REQUESTED': [
    '예약신청',
    '신청을 받았어요',
    '재고를 잡아 두고 대리점을 찾고 있어요. 하실 일은 없어요.',
    '가까운 대리점에 부탁해요.',
  ],
  'preorder.preorder ASSIGNED': [
    '대리점 답 기다리는 중',
    '대리점의 답을 기다려요',
    '대리점에 부탁해 두었어요. 하실 일은 없어요.',
    '답이 없으면 다음으로 가까운 대리점에 다시 부탁해요.',
  ],
  'preorder.preorder WAITING_DEALERSHIP': [
    '대리점 찾는 중',
    '받아 줄 대리점을 찾고 있어요',
    '지금은 여유 있는 대리점이 없어요. 재고는 잡아 두었어요.',
    '자리가 나면 저절로 다시 부탁해요.',
  ],
  'preorder.preorder ACCEPTED': [
    '예약접수완료',
    '대리점이 접수했어요',
    '받을 준비를 하고 있어요. 하실 일은 없어요.',
    '개통하면 모두 끝나요.',
  ],
  'preorder.preorder SHIPPED': [
    '배송 중',
    '휴대폰이 가고 있어요',
    '기사님이 오면 아래 확인 번호를 알려 주세요.',
    '받은 뒤에 개통해요.',
  ],
  'preorder.preorder DELIVERED': ['받음', '휴대폰을 받았어요', '대리점이 개통하고 있어요.', '개통하면 모두 끝나요.'],
  'preorder.preorder ACTIVATED': ['개통완료', '개통이 끝났어요', '새 휴대폰을 편하게 쓰세요.'],
  'preorder.preorder CANCELLING': cancelling,
  'preorder.preorder CANCELLED': ['예약취소완료', '취소됐어요', '예약은 모두 되돌렸어요.'],
  'tutoring.purchase REQUESTED': [
    '결제하는 중',
    '시간을 잡았어요. 결제하고 있어요',
    '몇 초면 끝나요.',
    '결제가 끝나면 강의실을 준비해요.',
  ],
  'tutoring.purchase PAYMENT_PENDING': pending('수업 시간은'),
  'tutoring.purchase PAID': ['결제 완료', '결제가 끝났어요', '강의실을 준비하고 있어요. 하실 일은 없어요.'],
  'tutoring.purchase READY': ['준비됨', '수업이 준비됐어요', '강의실은 시작 10분 전에 열려요.'],
  'tutoring.purchase COMPLETED': ['수업 완료', '수업이 끝났어요', '수고하셨어요.'],
  'tutoring.purchase PAYMENT_FAILED': paymentFailed('시간은'),
  'tutoring.purchase CANCELLING': cancelling,
  'tutoring.purchase CANCELLED': cancelled,
  'tutoring.lesson SALE_REQUESTED': [
    '승인 기다리는 중',
    '승인을 기다려요',
    '관리자가 내용을 보고 있어요.',
    '승인되면 바로 판매돼요.',
  ],
  'tutoring.lesson ON_SALE': ['판매 중', '판매하고 있어요', '수강생이 시간을 고를 수 있어요.'],
  'tutoring.lesson SALE_REJECTED': ['승인되지 않음', '승인되지 않았어요', '내용을 고치면 다시 신청할 수 있어요.'],
  'tutoring.lesson WITHDRAWN': ['판매 종료', '판매를 끝냈어요', '이미 산 수업은 그대로 진행돼요.'],
  // Of a business that these pages do not know, by its phase.
  RECEIVED: ['접수됨', '신청을 받았어요', '확인하고 있어요.'],
  WAITING: ['기다리는 중', '확인을 기다려요', '하실 일이 생기면 알려 드려요.'],
  ACTIVE: ['진행 중', '예약이 확정됐어요', '순서대로 진행하고 있어요.'],
  DONE: ['완료', '모두 끝났어요', '이용해 주셔서 고마워요.'],
  REJECTED: ['거절됨', '예약되지 않았어요', '나간 돈은 없어요.'],
  FAILED: ['결제 실패', '결제가 되지 않았어요', '나간 돈은 없어요.'],
  CANCELLING: cancelling,
  CANCELLED: cancelled,
};
