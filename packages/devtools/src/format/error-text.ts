/** Characters of a message that are shown in a line. */
const MOST = 300

/** Returns an error in a line: its message, with the name if that says more than `Error`. */
export function errorText(error: unknown): string {
  return shorten(textOf(error))
}

function textOf(error: unknown): string {
  try {
    if (!(error instanceof Error))
      return typeof error === 'string' ? error : Object.prototype.toString.call(error)
    const { name, message } = error
    return name === 'Error' ? message : `${name}: ${message}`
  } catch {
    // A getter of the application threw.
    return 'an error without a message'
  }
}

function shorten(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text
}
