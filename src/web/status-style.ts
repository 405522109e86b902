/** The style of the status page; colours have a contrast of at least 4.5 in light and dark. */
export const STATUS_STYLE = `:root {
  color-scheme: light dark;
  --text: #1c2128; --soft: #57606a; --ground: #ffffff; --line: #d8dee4; --notice: #fff8e1;
  --good: #1a7f37; --degraded: #8a5a00; --partial: #b04a00; --major: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --soft: #9aa4af; --ground: #12161b; --line: #30363d; --notice: #2b2413;
    --good: #56d364; --degraded: #e3b341; --partial: #ffa657; --major: #ff8a80;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1.headline { margin: 0 0 1rem; padding: .6rem 1rem; border-left: .4rem solid currentColor; font-size: 1.4rem; line-height: 1.3; }
h2 { margin: 2rem 0 .5rem; font-size: 1.05rem; }
ul { margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; padding: .65rem 0; border-bottom: 1px solid var(--line); }
.name { font-weight: 600; overflow-wrap: anywhere; }
.state { font-weight: 600; }
.state::before { content: '●'; margin-right: .4em; }
.state.degraded::before, .state.partial_outage::before { content: '▲'; }
.state.major_outage::before { content: '■'; }
.about { flex-basis: 100%; color: var(--soft); font-size: .92rem; }
time { white-space: nowrap; }
.notice { padding: .75rem 1rem; background: var(--notice); border-radius: .4rem; }
.notice:empty { display: none; }
footer { margin-top: 2rem; color: var(--soft); font-size: .9rem; }
footer .notice { color: var(--text); }
.operational { color: var(--good); }
.degraded { color: var(--degraded); }
.partial_outage { color: var(--partial); }
.major_outage { color: var(--major); }
.unknown { color: var(--soft); }
`;
