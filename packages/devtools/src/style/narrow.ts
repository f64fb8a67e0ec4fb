/** A list that is too narrow for a table has rows of two lines; a narrow panel, buttons without words and details over the list. */
export const NARROW = `
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
@container list (max-width: 680px) {
  .table { --row-height: 48px; }
  .timeline { padding: 6px 8px; }
  .legend { flex-wrap: wrap; gap: 2px; }
  .legend-kinds { order: 1; flex-basis: 100%; }
  .table-head, .table-items .cell-condition .word {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  }
  .table-body > .row { align-content: center; gap: 1px 10px; padding: 0 8px; }
  .table-items .row {
    grid-template: 'condition id id id next' auto 'condition value age failures observers' auto / 12px minmax(0, 1fr) auto auto 92px;
  }
  .table-calls .row { grid-template: 'outcome outcome duration' auto 'call ids started' auto / auto minmax(0, 1fr) auto; }
  .table-calls .cell-kind, .table-calls .cell-size { display: none; }
  .table-events .row {
    grid-template: 'type type at' auto 'subject text text' auto / auto minmax(0, 1fr) auto; gap: 1px 0;
  }
  .cell-condition { grid-area: condition; }
  .cell-id { grid-area: id; }
  .cell-value { grid-area: value; }
  .cell-age { grid-area: age; }
  .cell-next { grid-area: next; }
  .cell-failures { grid-area: failures; }
  .cell-observers { grid-area: observers; }
  .cell-outcome { grid-area: outcome; }
  .cell-duration { grid-area: duration; }
  .cell-call { grid-area: call; }
  .cell-ids { grid-area: ids; }
  .cell-started { grid-area: started; }
  .cell-type { grid-area: type; }
  .cell-at { grid-area: at; }
  .cell-subject { grid-area: subject; }
  .cell-subject:not(:empty) { margin-inline-end: 10px; }
  .cell-text { grid-area: text; }
  .table-body .cell-age::before { content: 'age '; }
  .table-body .cell-failures::before { content: 'failed '; }
  .table-body .cell-failures[data-zero] { display: none; }
  .table-body .cell-observers::after { content: ' obs.'; }
  .table-body .cell-call::before { content: '#'; }
}
`
