/**
 * The JSON of a response, taken for what its sender says that it sends: the farm is ours, and that it keeps to its
 * `api.ts` is for its own tests to see to.
 */
export async function readBody<Body>(response: Response): Promise<Body> {
  const body: unknown = await response.json()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return body as Body
}
