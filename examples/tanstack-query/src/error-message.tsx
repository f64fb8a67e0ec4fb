/** An error with a button that tries again. */
export function ErrorMessage({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  return (
    <span role="alert">
      {error?.message ?? 'Something went wrong'} <button onClick={onRetry}>Try again</button>
    </span>
  )
}
