/** The pane beside a table. */
export const DETAILS = `
.details {
  display: flex; flex-direction: column; gap: 12px; min-height: 0; padding: 10px 12px 16px; overflow: auto;
  border-inline-start: 1px solid var(--line); background: var(--raised);
}
.details-head { display: flex; align-items: center; gap: 8px; min-height: 28px; }
.details-title { flex: 1; font: 600 13px/1.3 var(--mono); overflow-wrap: anywhere; }
.details-title:focus-visible { outline-offset: 2px; }
.actions { display: flex; flex-wrap: wrap; gap: 6px; }
.facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 5px 16px; font-variant-numeric: tabular-nums; }
.facts dt { color: var(--soft); }
.facts dd { overflow-wrap: anywhere; }
.details-body { display: grid; gap: 8px; align-content: start; }
.details h3 { font-size: 12px; font-weight: 600; }
.details .button { justify-self: start; }
.value {
  padding: 8px 10px; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); font: 12px/1.5 var(--mono);
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.value[data-redacted] { color: var(--faint); font-style: italic; }
.editor { display: grid; gap: 8px; }
.editor textarea { height: auto; padding: 8px 10px; font: 12px/1.5 var(--mono); resize: vertical; }
.problem { color: var(--bad); }
.problem:empty { display: none; }
.ids { display: flex; flex-wrap: wrap; gap: 0 4px; margin-inline-start: -6px; }
`
