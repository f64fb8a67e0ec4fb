import { secureHeaders } from 'hono/secure-headers'

/** Headers that keep a page to what its own server sends. */
export function secured(): ReturnType<typeof secureHeaders> {
  return secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'self'"], imgSrc: ["'self'", 'data:'] },
    // Plain HTTP on this machine.
    strictTransportSecurity: false,
  })
}
