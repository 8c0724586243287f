/** Where a service is called: as the setting says (K7), or else at this process itself, which then hosts them all. */
export const addressOf = (settings: Readonly<Record<string, unknown>>, setting: string): string =>
  String(settings[setting] || `127.0.0.1:${String(settings['GRPC_PORT'])}`);
