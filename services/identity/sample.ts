import type { Language, Role } from './person.ts';

export interface SamplePerson {
  /** As the token command takes it. */
  name: string;
  displayName: string;
  role: Role;
  language: Language;
}

/** The people of the sample data; in development only. */
export const samplePeople: readonly SamplePerson[] = [
  { name: 'guest', displayName: '김하늘', role: 'customer', language: 'KO' },
  { name: 'customer', displayName: '윤지호', role: 'customer', language: 'KO' },
  { name: 'buyer', displayName: '오세린', role: 'customer', language: 'KO' },
  { name: 'host', displayName: '박정우', role: 'host', language: 'KO' },
  { name: 'seller', displayName: '이서연', role: 'seller', language: 'KO' },
  { name: 'dealer', displayName: '공덕역점', role: 'dealer', language: 'KO' },
  { name: 'courier', displayName: '한도윤', role: 'courier', language: 'KO' },
  { name: 'agent', displayName: '정유나', role: 'agent', language: 'KO' },
  { name: 'admin', displayName: '최가람', role: 'admin', language: 'KO' },
];
