import { HTTPException } from 'hono/http-exception'
import type { HonoRequest } from 'hono/request'
import * as v from 'valibot'

/** The request's JSON body, if it fits the schema. @throws {HTTPException} 400 or 415 that says what is wrong. */
export async function readJson<Output>(
  request: HonoRequest,
  schema: v.GenericSchema<unknown, Output>,
): Promise<Output> {
  // This keeps other sites out, too: their pages cannot send this type without a preflight request.
  if (!/^application\/json\b/i.test(request.header('content-type') ?? '')) {
    throw new HTTPException(415, { message: 'Send the body as JSON, with Content-Type: application/json' })
  }
  const result = v.safeParse(schema, parse(await request.text()), { abortPipeEarly: true })
  if (!result.success) throw new HTTPException(400, { message: result.issues.map(describe).join('; ') })
  return result.output
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new HTTPException(400, { message: 'The body is not valid JSON', cause })
  }
}

function describe(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? 'body'
  if (issue.expected === 'never') return `${field}: There is no such field`
  if (issue.received === 'undefined') return `${field}: Missing`
  return `${field}: ${issue.message}`
}
