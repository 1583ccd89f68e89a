// Documents without this script stay whole: citations then jump to the evidence at the end of the page.
// With it, a citation opens its words in place, below the paragraph it stands in, and the theme can be switched.
'use strict';

for (const link of document.querySelectorAll('a.cite[href^="#e"]')) {
  link.setAttribute('role', 'button');
  link.setAttribute('aria-expanded', 'false');
  link.addEventListener('click', (event) => {
    event.preventDefault();
    toggle(link);
  });
  link.addEventListener('keydown', (event) => {
    if (event.key === ' ') { event.preventDefault(); toggle(link); }
    if (event.key === 'Escape' && link.getAttribute('aria-expanded') === 'true') toggle(link);
  });
}

function toggle(link) {
  const isOpen = link.getAttribute('aria-expanded') === 'true';
  document.querySelectorAll('.inplace').forEach((box) => box.remove());
  document.querySelectorAll('a.cite[aria-expanded="true"]').forEach((other) => other.setAttribute('aria-expanded', 'false'));
  if (isOpen) return;
  const voice = document.getElementById(link.hash.slice(1));
  if (!voice) return;
  const box = document.createElement('div');
  box.className = 'inplace';
  box.setAttribute('role', 'note');
  for (const part of voice.children) if (part.tagName !== 'B') box.append(part.cloneNode(true));
  const block = link.closest('p, li, dd, td, .quote') ?? link.parentElement;
  if (['LI', 'DD', 'TD'].includes(block.tagName)) block.append(box); else block.after(box);
  link.setAttribute('aria-expanded', 'true');
}

const theme = document.getElementById('theme');
if (theme) {
  theme.hidden = false;
  theme.addEventListener('click', () => {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
    theme.textContent = isDark ? 'Dark' : 'Light';
  });
}
