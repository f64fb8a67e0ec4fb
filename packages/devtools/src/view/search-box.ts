import { h } from './dom.ts'
import { icon } from './icon.ts'

/** A field for a part of a text. Escape empties it. */
export function searchBox(label: string, onInput: (text: string) => void): HTMLElement {
  const input = h('input', {
    type: 'search',
    placeholder: label,
    'aria-label': label,
    autocomplete: 'off',
    spellcheck: 'false',
    input: () => onInput(input.value.trim()),
  })
  return h('div', { class: 'search' }, icon('search'), input)
}
