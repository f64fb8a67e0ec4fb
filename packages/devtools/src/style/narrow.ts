/** A panel that is too narrow for a table: rows of two lines, buttons without words, details over the list. */
export const NARROW = `
.panel[data-narrow] { --row-height: 48px; }
[data-narrow] .head-line { gap: 6px; padding: 0 8px; }
[data-narrow] .head-line .button { width: 32px; height: 32px; padding: 0; }
[data-narrow] .button-label { display: none; }
[data-narrow] .actions .button-label { display: inline; }
[data-narrow] .status-line { flex-wrap: wrap; gap: 4px 8px; padding: 6px 8px; }
[data-narrow] .status-error { flex: 1 1 80px; }
[data-narrow] .chip.is-simulated { order: 1; }
[data-narrow] .stats { flex-wrap: wrap; order: 2; gap: 0 12px; width: 100%; margin: 0; }
[data-narrow] .tab-row { flex-wrap: wrap; gap: 0 8px; padding: 0 8px; }
[data-narrow] .tabs { height: 40px; margin-inline-start: 0; }
[data-narrow] .toolbar-place { flex-basis: 100%; justify-content: flex-start; }
[data-narrow] .toolbar { flex: 1; padding-block: 6px; }
[data-narrow] .split[data-split] { grid-template-columns: minmax(0, 1fr); }
[data-narrow] .split[data-split] > .list { display: none; }
[data-narrow] .details { border: 0; background: var(--surface); }
[data-narrow] .table-head { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
[data-narrow] .table-body > .row { align-content: center; gap: 1px 10px; padding: 0 8px; }
[data-narrow] .table-items .row {
  grid-template: 'condition id id id next' auto 'condition value age failures observers' auto / 12px minmax(0, 1fr) auto auto 92px;
}
[data-narrow] .table-items .row > .cell-condition .word {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
[data-narrow] .table-calls .row {
  grid-template: 'outcome outcome duration' auto 'call ids started' auto / auto minmax(0, 1fr) auto;
}
[data-narrow] .table-calls .cell-kind, [data-narrow] .table-calls .cell-size { display: none; }
[data-narrow] .table-events .row {
  grid-template: 'type type at' auto 'subject text text' auto / auto minmax(0, 1fr) auto; gap: 1px 0;
}
[data-narrow] .cell-subject:not(:empty) { margin-inline-end: 10px; }
[data-narrow] .cell-condition { grid-area: condition; }
[data-narrow] .cell-id { grid-area: id; }
[data-narrow] .cell-value { grid-area: value; }
[data-narrow] .cell-age { grid-area: age; }
[data-narrow] .cell-next { grid-area: next; }
[data-narrow] .cell-failures { grid-area: failures; }
[data-narrow] .cell-observers { grid-area: observers; }
[data-narrow] .cell-outcome { grid-area: outcome; }
[data-narrow] .cell-duration { grid-area: duration; }
[data-narrow] .cell-call { grid-area: call; }
[data-narrow] .cell-ids { grid-area: ids; }
[data-narrow] .cell-started { grid-area: started; }
[data-narrow] .cell-type { grid-area: type; }
[data-narrow] .cell-at { grid-area: at; }
[data-narrow] .cell-subject { grid-area: subject; }
[data-narrow] .cell-text { grid-area: text; }
[data-narrow] .table-body .cell-age:not(:empty)::before { content: 'age '; }
[data-narrow] .table-body .cell-failures::before { content: 'failed '; }
[data-narrow] .table-body .cell-failures[data-zero] { display: none; }
[data-narrow] .table-body .cell-observers::after { content: ' obs.'; }
[data-narrow] .table-body .cell-call::before { content: '#'; }
[data-narrow] .timeline { padding: 6px 8px; }
[data-narrow] .legend { flex-wrap: wrap; gap: 2px; }
[data-narrow] .legend-kinds { order: 1; flex-basis: 100%; }
`
