import type { Server } from 'node:http'

/** Starts the backend of the examples on a port; 0: a free one. */
export function startBackend(port: number): Promise<Server>
