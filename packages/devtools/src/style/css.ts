import { CONTROLS } from './controls.ts'
import { DETAILS } from './details.ts'
import { LAYOUT } from './layout.ts'
import { NARROW } from './narrow.ts'
import { TABLES } from './tables.ts'
import { TIMELINE } from './timeline.ts'
import { TOKENS } from './tokens.ts'

/** The style sheet of the panel. It is within the shadow root: nothing of the page comes in, and nothing goes out. */
export const CSS_TEXT: string = [TOKENS, LAYOUT, CONTROLS, TABLES, TIMELINE, DETAILS, NARROW].join('\n')
