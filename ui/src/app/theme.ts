// Dark, light, or as the system says. public/assets/theme.js applies the choice before the first paint.
import {kept} from '@/components/store';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const themeChoice = kept<Theme>('mainspring.theme', THEMES, 'system');

export function isDark(theme: Theme): boolean {
  if (theme !== 'system') return theme === 'dark';
  return window.matchMedia?.('(prefers-color-scheme: dark)').matches ?? false;
}

function apply(): void {
  const theme = themeChoice.get();
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

themeChoice.subscribe(apply);

/** To the other one of dark and light, whatever is shown now. */
export function toggleTheme(): void {
  themeChoice.set(isDark(themeChoice.get()) ? 'light' : 'dark');
}
