/** Types of the parts of a Worker's environment that the tests use. The runtime's own types would hide those of the others. */
declare module 'cloudflare:workers' {
  interface Worker {
    fetch(url: string): Promise<Response>
  }
  interface DurableObjects {
    idFromName(name: string): unknown
    get(id: unknown): Worker
  }
  export const env: { readonly POLLING_WORKER: Worker; readonly JOB_WATCHER: DurableObjects }
}
