import { findElement } from '../find-element.ts'
import type { Notices } from '../notices.ts'
import type { MountPanel, PanelContext } from './panel.ts'
import { PanelSlot } from './panel-slot.ts'

/** Each framework is a file of its own, loaded when its panel is first mounted. */
const FRAMEWORKS: Readonly<Record<string, () => Promise<MountPanel>>> = {
  react: async () => (await import('../react/mount-panel.tsx')).mountPanel,
  vue: async () => (await import('../vue/mount-panel.ts')).mountPanel,
  preact: async () => (await import('../preact/mount-panel.tsx')).mountPanel,
}

export interface Panels {
  /** Mounts all panels that the visitor did not unmount, or unmounts all. */
  show(isShown: boolean): void
}

/** Wires the button of each panel, and the choice of the one that a narrow page shows. */
export function wirePanels(root: ParentNode, context: PanelContext, notices: Notices): Panels {
  const panels = findElement(root, '#panels', HTMLElement)
  const slots = Object.entries(FRAMEWORKS).map(([name, load]) => {
    const section = findElement(panels, `section[data-panel="${name}"]`, HTMLElement)
    const button = findElement(section, 'button[data-mount]', HTMLButtonElement)
    const slot = new PanelSlot(findElement(section, '.panel-root', HTMLElement), load, context)
    let isWanted = true
    const show = async (isShown: boolean): Promise<void> => {
      button.setAttribute('aria-pressed', String(isWanted))
      section.dataset['mounted'] = String(isWanted)
      try {
        await slot.show(isShown && isWanted)
      } catch (error) {
        notices.trouble(`Could not show the panel of ${name}`, error)
      }
    }
    button.addEventListener('click', () => {
      isWanted = !isWanted
      void show(true)
    })
    return { show }
  })

  findElement(root, '#panel-choice', HTMLFieldSetElement).addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement) panels.dataset['shown'] = target.value
  })

  return {
    show(isShown) {
      for (const { show } of slots) void show(isShown)
    },
  }
}
