import type { NextApiRequest, NextApiResponse } from 'next'

/** The page asks its own server, which asks the farm. */
export default async function handler(request: NextApiRequest, response: NextApiResponse) {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify(request.body)
  const answered = await fetch(`${process.env.FARM}/api/jobs/status`, { method: 'POST', headers, body })
  response.status(answered.status).json(await answered.json())
}
