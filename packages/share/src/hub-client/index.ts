/** One server pushes to its clients: the client's side. */
export { hubClient, type HubClient, type HubClientOptions } from './hub-client.ts'
export { HubError, type HubErrorCode, type ServerOptions } from './server.ts'
