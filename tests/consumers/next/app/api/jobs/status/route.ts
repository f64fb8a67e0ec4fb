/** The page asks its own server, which asks the farm. */
export async function POST(request: Request) {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${process.env.FARM}/api/jobs/status`, { method: 'POST', headers, body: await request.text() })
}
