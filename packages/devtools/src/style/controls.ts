/** Buttons, choices, fields and switches. */
export const CONTROLS = `
.button {
  display: inline-flex; align-items: center; justify-content: center; gap: 6px; height: 28px; padding: 0 10px;
  border: 1px solid var(--line-strong); border-radius: 6px; background: var(--surface); color: var(--ink); font: inherit;
  font-weight: 500; white-space: nowrap; cursor: pointer;
}
.button:hover:not(:disabled) { background: var(--sunken); }
.button:active:not(:disabled) { background: var(--line); }
.button:disabled { color: var(--faint); border-color: var(--line); cursor: default; }
.button.primary { border-color: transparent; background: var(--ink); color: var(--surface); }
.button.primary:hover { background: var(--ink); opacity: 0.88; }
.button.is-plain { width: 28px; padding: 0; border-color: transparent; background: none; }
.button.is-plain .button-label { display: none; }
.toolbar .button .button-label { display: none; }
.toolbar .button { width: 28px; padding: 0; }
.choice { display: flex; gap: 2px; min-width: 0; overflow-x: auto; scrollbar-width: none; padding: 2px; }
.option {
  position: relative; display: inline-flex; flex: none; align-items: center; gap: 6px; height: 26px; padding: 0 9px;
  border-radius: 6px; color: var(--soft); font-weight: 500; white-space: nowrap; cursor: pointer;
}
.option input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
.option:hover { color: var(--ink); }
.option:has(:checked) { background: var(--sunken); color: var(--ink); }
.option:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: -2px; }
.search { position: relative; flex: 0 1 200px; min-width: 96px; }
.search .icon { position: absolute; inset: 8px auto auto 9px; color: var(--faint); pointer-events: none; }
input[type='search'], input[type='text'], input[type='number'], textarea {
  width: 100%; height: 28px; padding: 0 8px; border: 1px solid var(--line-strong); border-radius: 6px;
  background: var(--surface); color: var(--ink); font: inherit;
}
input[type='search'] { padding-inline-start: 27px; }
::placeholder { color: var(--faint); opacity: 1; }
.link {
  padding: 2px 6px; border: 0; border-radius: 4px; background: none; color: var(--ink); font: 12px/1.4 var(--mono);
  text-align: start; overflow-wrap: anywhere; cursor: pointer;
}
.link:hover { background: var(--sunken); }
.simulation { display: grid; gap: 2px; max-width: 640px; padding: 12px; overflow: auto; }
.fault {
  display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 12px; align-items: center; padding: 10px 0;
  border-bottom: 1px solid var(--line);
}
.fault .note { grid-column: 1 / -1; padding-inline-start: 40px; }
.fault-label { position: relative; display: flex; align-items: center; gap: 10px; min-height: 24px; cursor: pointer; }
.fault-label input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.fault-name { font-weight: 500; }
.fault-more { display: flex; align-items: center; gap: 6px; color: var(--soft); }
.fault-more input[type] { width: 110px; }
.switch {
  flex: none; width: 30px; height: 18px; padding: 2px; border: 1px solid var(--faint); border-radius: 9px; background: var(--sunken);
}
.switch::before {
  content: ''; display: block; width: 12px; height: 12px; border-radius: 50%; background: var(--soft); transition: transform 120ms;
}
input:checked + .switch { background: var(--wait); border-color: var(--wait); }
input:checked + .switch::before { background: var(--surface); transform: translateX(12px); }
input:focus-visible + .switch { outline: 2px solid var(--accent); outline-offset: 2px; }
.note { color: var(--soft); }
.simulation .actions { padding-top: 12px; }
@media (prefers-reduced-motion: reduce) { .switch::before { transition: none; } }
@media (forced-colors: active) {
  .option:has(:checked), .row[aria-selected='true'], .row[data-active] { outline: 1px solid Highlight; }
  input:checked + .switch { forced-color-adjust: none; background: Highlight; }
}
`
