import type { Language } from './profile.ts';

/** What a text can speak of. */
export interface Facts {
  /** `jari.preorder.v1.PreorderAssigned` */
  type: string;
  title: string;
  /** How the order stands, in words that all businesses share; empty for a delivery's step. */
  phase: string;
  reason: string;
  reasonText: string;
  attributes: Readonly<Record<string, string>>;
}

type Texts = Readonly<Record<Language, string>>;

/** By event. `{title}` and the order's attributes stand in braces; what an order has not is left out. */
const templates: Readonly<Record<string, Texts>> = {
  'jari.preorder.v1.PreorderRequested': {
    KO: '[예약신청] {title} 예약판매 신청을 받았습니다. 가까운 대리점을 찾고 있습니다.',
    EN: 'Your pre-order of {title} is in. We are looking for a dealership near you.',
  },
  'jari.preorder.v1.PreorderAssigned': {
    KO: '[대리점 배정] {title}: {dealership_name} 대리점에 배정되어 접수를 기다립니다.',
    EN: '{title}: assigned to {dealership_name}, whose answer we await.',
  },
  'jari.preorder.v1.PreorderAccepted': {
    KO: '[예약접수완료] {title}: {dealership_name} 대리점이 예약을 접수했습니다.',
    EN: '{title}: {dealership_name} has accepted your pre-order.',
  },
  'jari.preorder.v1.PreorderWaitingForDealership': {
    KO: '[대리점 대기] {title}: 자리가 나는 대로 대리점을 배정해 드리겠습니다.',
    EN: '{title}: no dealership has room just now; you get one as soon as there is.',
  },
  'jari.preorder.v1.PreorderShipped': { KO: '[배송중] {title} 상품이 출발했습니다.', EN: '{title} is on its way.' },
  'jari.preorder.v1.PreorderDelivered': { KO: '[배송완료] {title} 상품이 도착했습니다.', EN: '{title} has arrived.' },
  'jari.preorder.v1.PreorderActivated': { KO: '[개통완료] {title} 개통이 끝났습니다. 감사합니다.', EN: '{title} is activated. Thank you.' },
  'jari.preorder.v1.PreorderCancelling': { KO: '[예약취소] {title} 취소를 시작했습니다.', EN: '{title}: your cancellation is under way.' },
  'jari.preorder.v1.PreorderCancelled': { KO: '[예약취소완료] {title} 예약이 취소되었습니다.', EN: '{title} is cancelled.' },
  'jari.preorder.v1.PreorderCancelRefused': { KO: '[취소불가] {title}: 지금은 취소할 수 없습니다.', EN: '{title}: it is too late to cancel.' },
  'jari.tutoring.v1.PurchasePaid': { KO: '[결제완료] {title}: 결제되었습니다. 화상 강의를 준비합니다.', EN: '{title}: paid. The video lecture is being set up.' },
  'jari.tutoring.v1.PurchaseReady': { KO: '[강의준비완료] {title}: 화상 강의가 준비되었습니다.', EN: '{title}: the video lecture is ready.' },
  'jari.delivery.v1.DeliveryScheduled': { KO: '[배송준비] {title} 배송을 준비하고 있습니다.', EN: '{title}: the delivery is being prepared.' },
  'jari.delivery.v1.DeliveryStarted': { KO: '[배송출발] {title} 배송이 출발했습니다.', EN: '{title}: the delivery has started.' },
  'jari.delivery.v1.Delivered': { KO: '[배송완료] {title} 배송이 끝났습니다.', EN: '{title}: delivered.' },
  'jari.delivery.v1.DeliveryCancelled': { KO: '[배송취소] {title} 배송이 취소되었습니다.', EN: '{title}: the delivery is cancelled.' },
};

/** For businesses that nobody has written texts for yet. */
const byPhase: Readonly<Record<string, Texts>> = {
  RECEIVED: { KO: '{title}: 접수되었습니다.', EN: '{title}: received.' },
  WAITING: { KO: '{title}: 진행 중입니다.', EN: '{title}: under way.' },
  ACTIVE: { KO: '{title}: 확정되었습니다.', EN: '{title}: all set.' },
  DONE: { KO: '{title}: 완료되었습니다.', EN: '{title}: completed.' },
  REJECTED: { KO: '{title}: 받아들여지지 않았습니다.', EN: '{title}: could not be accepted.' },
  FAILED: { KO: '{title}: 결제되지 않았습니다.', EN: '{title}: the payment failed.' },
  CANCELLING: { KO: '{title}: 취소하고 있습니다.', EN: '{title}: being cancelled.' },
  CANCELLED: { KO: '{title}: 취소되었습니다.', EN: '{title}: cancelled.' },
};

const unknown: Texts = { KO: '{title}: 새 소식이 있습니다.', EN: '{title}: there is news.' };

/** The text of an event in a language, with why: in the words that somebody wrote, or else the reason, which is English. */
export function textOf({ type, title, phase, reason, reasonText, attributes }: Facts, language: Language): string {
  const text = (templates[type] ?? byPhase[phase] ?? unknown)[language];
  const said = text.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'title' ? title : (attributes[name] ?? ''))).replaceAll(/ {2,}/g, ' ');
  const why = reasonText || (language === 'EN' ? reason.toLowerCase().replaceAll('_', ' ') : '');
  return why ? `${said} (${why})` : said;
}
