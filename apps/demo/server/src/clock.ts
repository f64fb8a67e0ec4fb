/** Epoch ms. */
export type Now = () => number
