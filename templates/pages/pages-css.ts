/** The one style sheet of every page, served as `/pages.css`. Contrast is AA in light and in dark. */
export const pagesCss = `
:root {
  color-scheme: light dark;
  --page: #eef1f4;
  --card: #ffffff;
  --ink: #1b2430;
  --muted: #5a6675;
  --rule: #e1e5ea;
  --edge: #7b8794;
  --accent: #0b5a66;
  --on-accent: #ffffff;
  --good: #1a6b3c;
  --good-back: #e8f5ec;
  --warning: #8a5300;
  --warning-back: #fdf3e0;
  --grave: #b3261e;
  --grave-back: #fdecea;
  --info-back: #e6f1f3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14181d;
    --card: #1f252c;
    --ink: #eef1f4;
    --muted: #a9b4c0;
    --rule: #38414b;
    --edge: #7b8794;
    --accent: #6cc5d1;
    --on-accent: #0c2226;
    --good: #7fd6a0;
    --good-back: #1c3327;
    --warning: #f2b84b;
    --warning-back: #352b17;
    --grave: #ff9a91;
    --grave-back: #3b2220;
    --info-back: #1d3237;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--page);
  color: var(--ink);
  font: 1rem/1.5 -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif;
  overflow-wrap: anywhere;
}
p, h1, h2, ul, ol, dl, dd, figure, blockquote { margin: 0; }
h1 { font-size: 1.375rem; line-height: 1.3; }
h2 { font-size: 1.0625rem; line-height: 1.4; }
section > h2 { margin-bottom: .5rem; }
.because { margin-bottom: .75rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.head, main, .foot { max-width: 60rem; margin: 0 auto; padding: 0 .75rem; }
.head { padding-top: 1rem; padding-bottom: .5rem; color: var(--accent); font-size: .9375rem; font-weight: 600; }
.foot { padding-top: 1rem; padding-bottom: 2rem; color: var(--muted); font-size: .8125rem; }
.head p, .foot p { padding: 0 .5rem; }
.muted, .hint, .number { color: var(--muted); font-size: .875rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.notice { margin-bottom: .75rem; padding: .75rem 1rem; border-left: 4px solid var(--accent); border-radius: 8px; background: var(--info-back); }
.notice.success { border-color: var(--good); background: var(--good-back); }
.notice.error { border-color: var(--grave); background: var(--grave-back); }
.notice ul { margin-bottom: -.5rem; padding: 0; list-style: none; }
.notice li a { display: block; padding: .625rem 0; color: var(--grave); }
.sheet { display: grid; gap: 1rem; padding: 1.25rem; border-radius: 12px; background: var(--card); }
.sheet > * { min-width: 0; }
.first, .then, .first + .then { display: grid; gap: .75rem; align-content: start; }
.then { gap: 1.25rem; }
.first > .number { margin-bottom: -.75rem; }
.message { max-width: 36rem; margin: 1rem auto; }
body:has(.single) :is(.head, main, .foot) { max-width: 44rem; }
.amount { font-size: 1.875rem; line-height: 1.15; font-weight: 700; font-variant-numeric: tabular-nums; }
.merchant { margin-top: -.5rem; font-size: 1.125rem; }
.check { display: inline-block; padding: 0 .5rem; border-radius: 999px; background: var(--warning-back); color: var(--warning); font-size: .8125rem; font-weight: 600; line-height: 1.5rem; vertical-align: middle; }
.facts > div { display: grid; grid-template-columns: 6.5rem 1fr; gap: .75rem; padding: .5rem 0; border-top: 1px solid var(--rule); font-size: .9375rem; }
.facts > div:last-child { border-bottom: 1px solid var(--rule); }
.facts dd > div + div { margin-top: .25rem; }
.facts dt { color: var(--muted); }
.remarks { display: grid; gap: .375rem; padding: 0; list-style: none; font-size: .9375rem; }
.remarks li { position: relative; padding: .5rem .75rem .5rem 2.25rem; border-radius: 8px; }
.remarks li::before { position: absolute; left: .875rem; font-weight: 700; }
.remarks .info { padding-top: 0; padding-bottom: 0; color: var(--muted); }
.remarks .info::before { content: '•'; }
.remarks .warning { background: var(--warning-back); }
.remarks .warning::before { content: '!'; color: var(--warning); }
.remarks .blocking { background: var(--grave-back); }
.remarks .blocking::before { content: '×'; color: var(--grave); }
blockquote { padding: .125rem 0 .125rem .875rem; border-left: 3px solid var(--edge); }
.steps { display: grid; gap: .75rem; margin-top: .5rem; padding: 0; list-style: none; font-size: .9375rem; }
.steps li { position: relative; padding-left: 2.25rem; }
.steps li::before { content: '○'; position: absolute; left: .75rem; color: var(--muted); font-weight: 700; }
.steps .open::before { content: '●'; color: var(--accent); }
.steps .approved::before { content: '✓'; color: var(--good); }
.steps .rejected::before { content: '×'; color: var(--grave); }
.steps .sent_back::before { content: '↩'; color: var(--warning); }
.steps .skipped::before { content: '–'; }
.steps .undone::before { content: '↺'; }
.steps .step { font-weight: 600; }
.steps .outcome::first-letter { text-transform: uppercase; }
.steps blockquote { margin-top: .375rem; }
.talk { display: grid; gap: .75rem; margin-top: .5rem; padding: 0; list-style: none; font-size: .9375rem; }
.talk blockquote { margin-top: .25rem; }
.receipts { display: grid; gap: .75rem; align-content: start; }
.receipts a { display: block; padding: .5rem; border: 1px solid var(--rule); border-radius: 8px; text-align: center; font-size: .875rem; }
.receipts img { display: block; width: 100%; height: auto; max-height: 20rem; margin-bottom: .5rem; object-fit: contain; }
form { display: grid; gap: 1rem; }
.first > .buttons { margin-bottom: .5rem; }
.first > form, .proof { padding-bottom: 1.25rem; border-bottom: 1px solid var(--rule); }
.proof { display: grid; gap: 1rem; }
.proof > .buttons { align-items: center; }
.field { display: grid; gap: .25rem; align-content: start; min-width: 0; }
.label { display: flex; flex-wrap: wrap; gap: 0 .5rem; align-items: center; }
.pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 8rem); gap: .25rem .75rem; align-items: end; }
.pair.even { grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 1rem .75rem; }
.pair > .error { grid-column: 1 / -1; }
fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
legend { padding: 0; font-weight: 600; font-size: .9375rem; }
.meals { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .5rem .75rem; align-items: end; }
.meals > legend, .meals > .hint { grid-column: 1 / -1; }
.meals label { font-weight: 400; }
.split > .hint, .split > .error { margin-bottom: .75rem; }
.parts { display: grid; gap: .5rem; }
.part { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 7rem); gap: .5rem; }
.part > .error { grid-column: 1 / -1; }
.three .part { padding-bottom: .75rem; border-bottom: 1px solid var(--rule); }
.three .part > select:first-of-type { grid-column: 1 / -1; }
.code { max-width: 14rem; font-size: 1.5rem; letter-spacing: .25em; font-variant-numeric: tabular-nums; }
.delegations { display: grid; margin-top: .5rem; padding: 0; list-style: none; }
.delegations li { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; padding: .75rem 0; border-top: 1px solid var(--rule); }
.delegations .step { font-weight: 600; }
.way { display: inline-flex; align-items: center; min-height: 2.75rem; font-size: .9375rem; }
label { font-weight: 600; font-size: .9375rem; }
input, select, textarea, button { font: inherit; color: inherit; }
input[type="checkbox"] { width: auto; min-height: 0; margin-right: .25rem; }
input:not([type="checkbox"]), select, textarea { width: 100%; min-width: 0; min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: 8px; background: var(--card); }
textarea { resize: vertical; }
.unsure :is(input, select) { border-color: var(--warning); }
[aria-invalid] { border: 2px solid var(--grave); }
.error[id] { color: var(--grave); font-size: .9375rem; font-weight: 600; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; }
button, .button { flex: 1 0 auto; max-width: 100%; min-height: 3rem; padding: .625rem 1.25rem; border: 1px solid var(--edge); border-radius: 8px; background: var(--card); font-weight: 600; cursor: pointer; }
button:hover { border-color: var(--ink); }
.button { display: flex; align-items: center; justify-content: center; text-decoration: none; }
button.main, .button { flex-basis: 100%; border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
button.main.grave { border-color: var(--grave); background: var(--grave); color: var(--on-accent); }
button.main:hover, .button:hover { filter: brightness(1.1); }
button.grave { border-color: var(--grave); color: var(--grave); }
summary { width: fit-content; min-height: 2.75rem; padding: .625rem 0; color: var(--muted); font-size: .9375rem; cursor: pointer; }
details > p { margin-bottom: .75rem; }
@media (min-width: 44rem) {
  .head, main, .foot { padding-left: 1.5rem; padding-right: 1.5rem; }
  .sheet:not(.message, .single) { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); grid-template-rows: auto 1fr; gap: 1.25rem 2rem; padding: 2rem; }
  .first, .then { grid-column: 1; }
  .receipts { position: sticky; top: 1rem; align-self: start; grid-column: 2; grid-row: 1 / span 2; }
  .receipts img { max-height: 44rem; }
  .message, .single { padding: 2rem; }
  .amount { font-size: 2.25rem; }
  .pair:not(.even) { grid-template-columns: minmax(0, 1fr) minmax(0, 11.5rem); }
  .single .three .part { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(0, 7rem); padding: 0; border: 0; }
  .single .three .part > select:first-of-type { grid-column: auto; }
  button, .button { flex-grow: 0; }
  button.main, .button { flex: 1 0 auto; }
  .verdicts button { flex-grow: 1; }
  .verdicts button.main { flex-basis: 100%; }
}
`
