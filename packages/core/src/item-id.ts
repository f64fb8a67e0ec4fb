/** Any string. An id is only a key: it is never parsed, and never used as a property name. */
export type ItemId = string
