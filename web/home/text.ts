import { texts } from '../text/language.ts';

export const text = texts({ ko: { title: '필요한 시간을, 바로 예약하세요' }, en: { title: 'Book the time you need' } });
