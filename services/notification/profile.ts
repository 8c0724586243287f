import { accept, type Decider, type Decision } from '#kernel/decision.ts';

export type Language = 'KO' | 'EN';

/** How a person wants to be written to. */
export interface Contact {
  language: Language;
  /** Empty where there is none. */
  email: string;
  phone: string;
}

/** A person's wishes; the id is the user's. */
export type Profile = { status: 'none' } | { status: 'kept'; contact: Contact };

export type ProfileInput = { type: 'UpdateProfile'; contact: Contact };

export type ProfileEvent = { type: 'ProfileUpdated'; contact: Contact };

const decide = (_: Profile, { contact }: ProfileInput): Decision<ProfileEvent, never> => accept({ type: 'ProfileUpdated', contact });

export const profile: Decider<Profile, ProfileInput, ProfileEvent, never> = {
  initial: { status: 'none' },
  decide,
  evolve: (_, { contact }) => ({ status: 'kept', contact }),
};

/** Who has said nothing reads Korean, here. */
export const contactOf = (state: Profile): Contact => (state.status === 'kept' ? state.contact : { language: 'KO', email: '', phone: '' });
