// Development only: `/api` is the backend's.
export default { '/api': { target: process.env.BACKEND ?? 'http://127.0.0.1:3001' } }
