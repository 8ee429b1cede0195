// Before anything is painted: the theme that was chosen, or that of the system.
try {
  const chosen = localStorage.getItem('mainspring.theme');
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
} catch {
  // No storage: the system's theme it is.
}
