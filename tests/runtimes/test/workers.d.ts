/** What these tests use of a Worker's environment; the types of the whole runtime would hide the other runtimes'. */
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
