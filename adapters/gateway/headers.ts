/** What a page of ours may load: our own files, and nothing that is written into the page itself. */
const contentSecurity = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'media-src': "'self' blob:",
  'manifest-src': "'self'",
  'worker-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
};

/**
 * On every answer of either gateway. Scripts and styles come from our own origin only; nobody may frame us. Answers are personal, so nothing
 * on the way may keep them, unless a service says otherwise of one.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy': Object.entries(contentSecurity)
    .map((entry) => entry.join(' '))
    .join('; '),
};

/** What pages of other origins may do, where their origin is allowed at all. No cookies: callers prove themselves by a token. */
export const cors = {
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-request-id', 'traceparent', 'grpc-timeout'],
  exposedHeaders: ['retry-after', 'x-request-id', 'www-authenticate'],
  maxAge: 600,
};

/** What browsers are told besides where people reach us by https: never to try http. */
export const answerHeaders = (publicUrl: string): Readonly<Record<string, string>> =>
  publicUrl.startsWith('https:')
    ? { ...securityHeaders, 'strict-transport-security': 'max-age=31536000' }
    : securityHeaders;

/** Connections that a gateway holds at a time. */
export const maxConnections = 10_000;
export const maxBodyBytes = 64 * 1024;
export const maxHeaderBytes = 32 * 1024;
/** How long a unary call may take; a client's `grpc-timeout` can only shorten it. */
export const callTimeoutMs = 10_000;
