/*
 * Looks again every 30 s and puts in what changed: a reload would take a reader back to the top and a screen reader
 * through it all again. Times are put into the reader's time zone, with the page's UTC as their title. When looking fails, the page says that it is old. Without scripts the page reloads itself.
 */
export const STATUS_SCRIPT = `const EVERY_MS = 30000;
let lastSeen = new Date();
function localize(root) {
  for (const each of root.querySelectorAll('time[data-precision]')) {
    const seconds = each.dataset.precision === 'second' ? { second: '2-digit' } : {};
    each.title = each.textContent;
    each.textContent = new Intl.DateTimeFormat('en-GB', {
      day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', ...seconds, timeZoneName: 'short',
    }).format(new Date(each.dateTime));
  }
}
async function look() {
  try {
    const answer = await fetch(location.href, { cache: 'no-store' });
    const found = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const [now, before] = [found.querySelector('main'), document.querySelector('main')];
    if (!now || !before || !found.getElementById('stale')) throw new Error('not the status page');
    localize(now);
    before.replaceWith(now);
    document.title = found.title;
    lastSeen = new Date();
  } catch {
    const clock = lastSeen.toLocaleTimeString();
    document.getElementById('stale').textContent =
      'This page could not be renewed since ' + clock + ' on your clock. What it says may be out of date.';
  }
}
localize(document);
setInterval(look, EVERY_MS);
addEventListener('lifeboat:look', look); // from a page that frames this one
document.addEventListener('visibilitychange', () => document.hidden || look());
`;
