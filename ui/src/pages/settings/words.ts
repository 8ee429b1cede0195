// Values of settings and sizes of files, as people read them.

export function valueWords(value: unknown): string {
  if (value === undefined || value === null || value === '') return '(empty)';
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.map(valueWords).join(', ');
  if (typeof value === 'object') {
    const rows = Object.entries(value);
    return rows.length === 0 ? '(none)' : rows.map(([name, each]) => `${name}=${valueWords(each)}`).join(', ');
  }
  return String(value);
}

/** "0 B", "1.5 KiB", "20 MiB". */
export function bytesWords(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Whether a setting has what is looked for in its name or its words. */
export function isFound(setting: {name?: string; doc?: string}, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return `${setting.name} ${setting.doc}`.toLowerCase().includes(wanted);
}
