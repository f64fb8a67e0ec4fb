/** Tables of equally high rows. */
export const TABLES = `
.table { flex: 1; min-height: 0; overflow: auto; overscroll-behavior: contain; }
.table:focus-visible { outline-offset: -1px; border-radius: 0; }
.table-head { position: sticky; top: 0; z-index: 1; background: var(--surface); }
.table-body { position: relative; }
.row {
  display: grid; align-items: center; gap: 12px; height: var(--row-height); padding: 0 12px; border-bottom: 1px solid var(--line);
}
.table-body > .row { position: absolute; inset: 0 0 auto; contain: layout paint style; cursor: default; }
.head { height: 28px; color: var(--faint); font-size: 11px; }
.table-items .row { grid-template-columns: minmax(96px, 1.1fr) 96px minmax(96px, 2fr) 72px 124px 60px 70px; }
.table-calls .row { grid-template-columns: 52px minmax(90px, 1fr) 56px minmax(96px, 2fr) 52px 72px 92px; }
.table-events .row { grid-template-columns: 92px 140px minmax(72px, 0.6fr) minmax(96px, 2fr); }
.table-body > .row:hover { background: var(--raised); }
.table-body > .row[data-active] { background: var(--sunken); }
.table-body > .row[aria-selected='true'] { background: var(--accent-soft); }
.cell { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.table-body .cell-id, .table-body .cell-subject, .table-body .cell-ids { font-family: var(--mono); }
.table-body .cell-id { font-weight: 500; }
.cell-condition, .cell-outcome { display: flex; align-items: center; gap: 7px; }
.word { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
.table-body .cell-value, .table-body .cell-ids, .table-body .cell-text { color: var(--soft); }
.table-body .cell-value { font-family: var(--mono); }
.cell-value[data-redacted] { font-style: italic; color: var(--faint); }
.cell-age, .cell-failures, .cell-observers, .cell-call, .cell-size, .cell-duration, .cell-started, .cell-at {
  font-variant-numeric: tabular-nums;
}
.cell-age, .cell-failures, .cell-observers, .cell-size, .cell-duration, .cell-started { text-align: end; }
.table-body .cell-age, .table-body .cell-at, .table-body .cell-started, .table-body .cell-kind { color: var(--soft); }
.table-body .cell-failures { color: var(--bad); font-weight: 500; }
.table-body .cell-failures[data-zero], .table-body .cell-observers[data-zero] { color: var(--faint); font-weight: 400; }
.table-body .cell-next {
  display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 8px; align-items: center; font-variant-numeric: tabular-nums;
}
.countdown-text { min-width: 44px; text-align: end; white-space: nowrap; }
.cell-next { text-align: end; }
.cell-next[data-idle] > .meter { visibility: hidden; }
.meter { display: block; height: 3px; border-radius: 2px; background: var(--sunken); overflow: hidden; }
.bar { display: block; height: 100%; background: var(--good); transform-origin: left; }
[data-failing] > .meter .bar { background: var(--bad); }
.cell-outcome[data-outcome='failed'] .word { color: var(--bad); }
.cell-outcome[data-outcome='ok'] .icon { color: var(--good); }
.cell-type { display: flex; align-items: center; gap: 7px; }
.table-body .cell-type { font-weight: 500; }
.cell-type[data-problem] .word { color: var(--bad); }
@media (prefers-reduced-motion: no-preference) { .bar { transition: transform 250ms linear; } }
`
