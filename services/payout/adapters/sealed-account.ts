import type { Store } from '#adapters/mikro-orm/store.ts';
import { sealStored } from '#adapters/mikro-orm/seal-stored.ts';
import type { Sealing } from '#adapters/sealing/sealing.ts';
import type { BankAccount } from '../account.ts';
import type { Transfer } from '../payout.ts';

/** The account as it is stored: number and holder sealed. The core passes them on without reading them. */
export const sealedAccount = ({ bank, number, holder }: BankAccount, { seal }: Sealing): BankAccount => ({
  bank,
  number: seal(number),
  holder: seal(holder),
});

export const openedAccount = ({ bank, number, holder }: BankAccount, { open }: Sealing): BankAccount => ({
  bank,
  number: open(number),
  holder: open(holder),
});

/** Only the bank gets the account in plain text. */
export const toBank = <Bank extends { transfer(orderId: string, transfer: Transfer): unknown }>(
  bank: Bank,
  sealing: Sealing,
): Bank => ({
  ...bank,
  transfer: (orderId: string, transfer: Transfer) =>
    bank.transfer(orderId, { ...transfer, to: openedAccount(transfer.to, sealing) }),
});

/** Encrypts plain accounts of earlier versions. Returns the number of values that no secret decrypts. */
export const sealAccounts = async (store: Store, sealing: Sealing): Promise<number> =>
  (await sealStored(store, sealing, 'payout_account', ['account', 'number'], ['account', 'holder'])) +
  (await sealStored(store, sealing, 'payout', ['transfer', 'to', 'number'], ['transfer', 'to', 'holder']));
