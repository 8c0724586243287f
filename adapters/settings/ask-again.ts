import { seconds } from './settings.ts';

/** Of every service that has orders. */
export const askAgainSetting = {
  JARI_ASK_AGAIN_SECONDS: seconds({
    default: 300,
    desc: 'Longest pause, in seconds, before an order repeats a command that a service has not answered. The first pause is a fifth of it. After two hours of silence the pauses grow further.',
  }),
};
