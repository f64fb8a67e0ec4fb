/** The calls of the last minute on a line. */
export const TIMELINE = `
.timeline { flex: none; padding: 4px 12px 6px; border-bottom: 1px solid var(--line); }
.strip { display: block; width: 100%; overflow: hidden; }
.axis { fill: none; stroke: var(--line-strong); }
.mark { fill: var(--done); }
.mark.by-asked { fill: var(--accent); }
.mark.by-retry, .mark.by-probe { fill: var(--wait); }
.mark.is-failed { fill: var(--bad); }
.mark.is-running { fill: none; stroke: var(--good); }
.mark.is-stopped { opacity: 0.4; }
.legend { display: flex; justify-content: space-between; gap: 12px; color: var(--faint); font-size: 11px; }
.legend-kinds { display: flex; flex-wrap: wrap; justify-content: center; gap: 2px 12px; }
.legend-entry { display: inline-flex; align-items: center; gap: 4px; }
.legend .icon { width: 10px; height: 10px; }
.legend .is-active { color: var(--accent); }
.legend .is-probe { color: var(--wait); }
.tick { width: 3px; height: 9px; background: var(--done); }
.tick.is-retry { background: var(--wait); }
`
