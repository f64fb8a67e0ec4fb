import type { ItemId, SyncFunction, SyncResponse } from '@auto-refresh/core'
import { RemoteError } from '../protocol/errors.ts'
import type { SharedError } from '../protocol/message.ts'
import type { HubServer } from './server.ts'

/** Returns a sync function that asks a hub by status: for a client that has no stream (H4). */
export function statusSync<Item>(server: HubServer, parse: (data: unknown) => Item): SyncFunction<Item> {
  return async (batch, { signal }) => {
    const ids = batch.map(({ id, validator }) =>
      // Without a version the value was written here, or is new: what the hub has may be from before (K4).
      typeof validator === 'string' ? { id, version: validator } : { id, fresh: true },
    )
    const response = await server.post('status', { ids }, signal)
    const body: unknown = await response.json()
    if (!isRecord(body) || !Array.isArray(body['answers'])) throw new TypeError('the hub answered nonsense')
    return body['answers'].flatMap((answer: unknown) => read(answer, parse))
  }
}

function read<Item>(answer: unknown, parse: (data: unknown) => Item): SyncResponse<Item>[] {
  if (!isRecord(answer) || typeof answer['id'] !== 'string') return []
  const id: ItemId = answer['id']
  const { version, item, error } = answer
  if (answer['gone'] === true) return [{ id, action: 'delete' }]
  if (answer['same'] === true) return [{ id, action: 'unchanged' }]
  if (isError(error)) return [{ id, action: 'fail', error: new RemoteError(error) }]
  if (item === undefined || item === null) return []
  return [{ id, item: parse(item), validator: version }]
}

function isError(value: unknown): value is SharedError {
  return isRecord(value) && typeof value['name'] === 'string' && typeof value['message'] === 'string'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
