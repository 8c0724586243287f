import { fakeBank } from './fake-bank.ts';
import { bankContract } from './bank-contract.ts';

const bank = fakeBank(Date.now);
bankContract('the fake', () => ({
  bank,
  mode: (mode) => void (bank.mode = mode),
  booked: (orderId) => bank.entries.filter((entry) => entry.orderId === orderId),
}));
