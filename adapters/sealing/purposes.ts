/** What identity seals for notification, which mails it: the only purpose that two services share. */
export const forMails = 'mails';
