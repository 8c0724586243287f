/** The process cannot start as it was asked to; the message says what its user can change. */
export class Misuse extends Error {}
