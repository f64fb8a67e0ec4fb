/** The panel from top to bottom: caches and buttons, status, tabs and filters, the chosen view. */
export const LAYOUT = `
.panel, .page, .page-place, .view { display: flex; flex-direction: column; min-height: 0; }
.panel { height: 100%; }
.page, .page-place, .view { flex: 1; }
.head-line {
  display: flex; align-items: center; gap: 12px; min-height: 44px; padding: 0 12px; border-bottom: 1px solid var(--line);
}
.head-buttons, .buttons, .buttons-place { display: flex; align-items: center; gap: 6px; }
.head-buttons { margin-inline-start: auto; }
.status-line {
  display: flex; align-items: center; gap: 8px; min-height: 36px; padding: 0 12px; background: var(--raised);
  border-bottom: 1px solid var(--line); white-space: nowrap; overflow: hidden;
}
.chip {
  display: inline-flex; align-items: center; gap: 6px; height: 22px; padding: 0 8px; border-radius: 11px;
  background: var(--sunken); color: var(--ink); font-weight: 500; font-variant-numeric: tabular-nums;
}
.chip[data-state='outage'] { background: var(--bad-soft); }
.chip.is-simulated { background: var(--wait-soft); color: var(--wait); }
.chip[data-state='outage'] .icon { color: var(--bad); }
.status-error { min-width: 0; overflow: hidden; text-overflow: ellipsis; color: var(--bad); }
.stats { display: flex; gap: 14px; margin-inline-start: auto; color: var(--soft); font-variant-numeric: tabular-nums; }
.stat b { color: var(--ink); font-weight: 500; }
.tab-row {
  display: flex; align-items: center; gap: 12px; min-height: 40px; padding: 0 12px; border-bottom: 1px solid var(--line);
}
.tabs { display: flex; align-self: stretch; gap: 2px; margin-inline-start: -8px; }
.tab {
  position: relative; display: inline-flex; align-items: center; gap: 6px; padding: 0 8px; border: 0; background: none;
  color: var(--soft); font: inherit; font-weight: 500; cursor: pointer;
}
.tab:hover { color: var(--ink); }
.tab[aria-selected='true'] { color: var(--ink); }
.tab[aria-selected='true']::after {
  content: ''; position: absolute; inset: auto 8px -1px; height: 2px; border-radius: 1px; background: var(--ink);
}
.figure { color: var(--faint); font-weight: 400; font-variant-numeric: tabular-nums; }
.figure:empty { display: none; }
.toolbar-place { display: flex; flex: 1; justify-content: flex-end; min-width: 0; }
.toolbar { display: flex; align-items: center; gap: 8px; min-width: 0; }
.split { display: grid; grid-template-columns: minmax(0, 1fr); flex: 1; min-height: 0; }
.split[data-split] { grid-template-columns: minmax(0, 1fr) min(380px, 42%); }
.list { container: list / inline-size; display: flex; flex-direction: column; flex: 1; min-width: 0; min-height: 0; position: relative; }
.empty { padding: 40px 16px; color: var(--soft); text-align: center; }
.list > .empty { position: absolute; inset: auto 0 auto; top: 25%; pointer-events: none; }
`
