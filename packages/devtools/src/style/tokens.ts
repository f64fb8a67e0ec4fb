/** Colours, type and sizes. Each colour of a text has a contrast of at least 4.5 to what is behind it. */
export const TOKENS = `
:host {
  color-scheme: light dark;
  --surface: light-dark(#ffffff, #131316);
  --raised: light-dark(#f8f8f9, #1a1a1e);
  --sunken: light-dark(#f1f1f3, #202025);
  --line: light-dark(#e8e8eb, #29292f);
  --line-strong: light-dark(#d3d3d8, #3b3b43);
  --ink: light-dark(#17171a, #ededf0);
  --soft: light-dark(#5c5c66, #a8a8b3);
  --faint: light-dark(#6a6a75, #9090a0);
  --accent: light-dark(#4a4fd0, #9aa0ff);
  --accent-soft: light-dark(#eeeefc, #24264a);
  --good: light-dark(#18794e, #4cc38a);
  --bad: light-dark(#c62a2f, #ff8589);
  --bad-soft: light-dark(#fdecec, #3a1c1f);
  --wait: light-dark(#915200, #f1b045);
  --wait-soft: light-dark(#fdf3e1, #35270f);
  --done: light-dark(#4e6075, #93a9c4);
  --row-height: 30px;
  --sans: Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  display: block;
  height: 100%;
  min-height: 240px;
  overflow: hidden;
  background: var(--surface);
  color: var(--ink);
  font: 400 12px/1.4 var(--sans);
  text-align: start;
}
:host([hidden]) { display: none; }
:host([theme='light']) { color-scheme: light; }
:host([theme='dark']) { color-scheme: dark; }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p, dl, dd, ul, figure, fieldset, pre { margin: 0; padding: 0; border: 0; min-width: 0; }
ul { list-style: none; }
.unseen {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.icon { flex: none; width: 12px; height: 12px; }
.icon path { fill: currentColor; fill-rule: evenodd; }
.icon.line path { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.is-active, .is-refreshing { color: var(--good); }
.is-pending { color: var(--faint); }
.is-terminal { color: var(--done); }
.is-failing { color: var(--bad); }
.is-expired, .is-paused, .is-offline, .is-hidden { color: var(--wait); }
.is-deleting, .is-stopped { color: var(--soft); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 4px; }
`
