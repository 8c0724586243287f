import { seconds } from './settings.ts';

/** Of every service that has orders. */
export const askAgainSetting = {
  JARI_ASK_AGAIN_SECONDS: seconds({
    default: 300,
    desc: 'The longest pause before an order asks again what a service has not answered. It asks for the first time after a fifth of that. After two hours of silence the pauses grow further.',
  }),
};
