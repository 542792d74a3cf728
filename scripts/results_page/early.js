// Before anything is drawn: there is a script, and the reader has chosen light or dark.
'use strict';
document.documentElement.classList.add('with-script');
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch { /* a page from disk may have no storage */ }
