import { createHash } from 'node:crypto';

/** The style of hosted pages, which stands in them. Colours are those of the visitor's system, light or dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#16202c, #e8edf3);
  --soft: light-dark(#566273, #a3afbf);
  --paper: light-dark(#ffffff, #18202b);
  --ground: light-dark(#eef1f6, #0e141c);
  --line: light-dark(#d5dce6, #334052);
  --accent: light-dark(#2346c8, #8ba6ff);
  --on-accent: light-dark(#ffffff, #0b1530);
  --tint: light-dark(#eef2ff, #1f2b47);
  --bad: light-dark(#a3171f, #ff9a9a);
  --bad-tint: light-dark(#fdeeee, #3a1d22);
  --good: light-dark(#0f6b3c, #7fe0a8);
  --test: light-dark(#6a4a00, #ffd479);
  --test-tint: light-dark(#fff5d9, #352b12);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 30rem; margin: 0 auto; padding: 2.5rem 1rem; }
.test { margin: 0 0 1rem; padding: .5rem 1rem; border-radius: .6rem; background: var(--test-tint); color: var(--test); font-size: .875rem; text-align: center; }
.card { padding: 1.75rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--paper); box-shadow: 0 1px 2px #0000000f, 0 8px 24px #0000000d; }
h1 { margin: 0 0 .25rem; font-size: 1.25rem; line-height: 1.3; }
.what { margin: 0; color: var(--soft); overflow-wrap: anywhere; }
.amount { margin: .25rem 0 0; font-size: 2.1rem; font-weight: 650; line-height: 1.25; letter-spacing: -.02em; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.amount small { font-size: 1rem; font-weight: 500; letter-spacing: 0; color: var(--soft); }
hr { margin: 1.5rem 0; border: 0; border-top: 1px solid var(--line); }
fieldset { margin: 0; padding: 0; border: 0; }
legend { padding: 0; margin-bottom: .6rem; font-weight: 600; }
.method { display: flex; gap: .75rem; align-items: center; padding: .6rem .85rem; border: 1px solid var(--line); cursor: pointer; }
.method + .method { border-top: 0; }
.method:first-of-type { border-radius: .6rem .6rem 0 0; }
.method:last-of-type { border-radius: 0 0 .6rem .6rem; }
.method:hover { background: var(--ground); }
.method:has(:checked) { background: var(--tint); }
.method span { flex: 1; min-width: 0; }
.method b { display: block; font-weight: 600; }
.method small, .note { display: block; color: var(--soft); font-size: .84rem; line-height: 1.4; }
.method .brand { flex: none; font-size: .8rem; color: var(--soft); font-variant-numeric: tabular-nums; text-align: right; }
input { accent-color: var(--accent); width: 1.1rem; height: 1.1rem; margin: 0; flex: none; }
.save { display: flex; gap: .75rem; align-items: center; margin: 1.1rem 0; cursor: pointer; }
button, .button { display: block; width: 100%; padding: .8rem 1rem; border: 1px solid var(--accent); border-radius: .6rem; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
button:hover, .button:hover { filter: brightness(1.08); }
.plain { background: none; color: var(--accent); border-color: var(--line); margin-top: .6rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.method:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: -1px; }
.method :focus-visible { outline: none; }
.alert { margin: 0 0 1.25rem; padding: .75rem 1rem; border-radius: .6rem; background: var(--bad-tint); color: var(--bad); }
.alert b { display: block; }
.sign { width: 2.75rem; height: 2.75rem; margin-bottom: 1rem; border-radius: 50%; display: grid; place-items: center; font-size: 1.4rem; background: var(--tint); color: var(--accent); }
.sign.good { color: var(--good); background: color-mix(in srgb, var(--good) 14%, transparent); }
.sign.bad { color: var(--bad); background: var(--bad-tint); }
.field { display: block; margin-bottom: .4rem; font-weight: 600; }
.sum { display: flex; align-items: center; border: 1px solid var(--line); border-radius: .6rem; }
.sum:focus-within { outline: 3px solid var(--accent); outline-offset: -1px; }
.sum input { flex: 1; min-width: 0; width: auto; height: auto; padding: .7rem .85rem; border: 0; outline: 0; background: none; color: inherit; font: inherit; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.sum span { padding-right: .85rem; color: var(--soft); }
.sum + .note { margin: .4rem 0 1.1rem; }
.sums { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; }
.sums button { flex: 1 1 6rem; width: auto; padding: .55rem .75rem; white-space: nowrap; }
.merchant { margin: 0 0 1rem; font-weight: 650; overflow-wrap: anywhere; }
dl { margin: 0; }
dt { margin-top: .75rem; color: var(--soft); font-size: .84rem; }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
.qr { display: block; width: 12rem; max-width: 100%; margin: 1rem auto; padding: .5rem; border-radius: .6rem; background: #fff; }
.policy { margin: 1.25rem 0 0; white-space: pre-line; overflow-wrap: anywhere; }
.back { margin: 1.25rem 0 0; text-align: center; }
.back a:not(.button) { color: var(--soft); }
@media (max-width: 26rem) {
  main { padding: 1rem .75rem; }
  .card { padding: 1.25rem; }
}
`;

/**
 * What a page may do: show this style, and send its form to where it came from, or on to `beyond`. No script runs, and nothing
 * is loaded.
 */
export function contentSecurityPolicy(beyond = ''): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    'img-src data:',
    "base-uri 'none'",
    `form-action 'self'${beyond}`,
    "frame-ancestors 'none'",
  ].join('; ');
}
