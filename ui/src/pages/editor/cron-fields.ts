// A cron expression as its five fields. Pure; what it means, and when it fires, the server says.

export const CRON_FIELDS = ['Minute', 'Hour', 'Day of month', 'Month', 'Day of week'] as const;

/** The five fields, or undefined where it is written in another way (`@daily`, with seconds, a year). */
export function fieldsOf(cron: string): string[] | undefined {
  const fields = cron.trim().split(/\s+/);
  return fields.length === CRON_FIELDS.length && !cron.includes('@') ? fields : undefined;
}

/** The expression with another value in one field; a field may not hold blanks, nor be empty. */
export function withField(cron: string, at: number, value: string): string {
  const fields = fieldsOf(cron) ?? ['0', '*', '*', '*', '*'];
  return fields.map((field, index) => (index === at ? value.replace(/\s+/g, '') || '*' : field)).join(' ');
}

export const PRESETS: readonly (readonly [string, string])[] = [
  ['*/15 * * * *', 'every 15 minutes'],
  ['0 * * * *', 'every hour'],
  ['30 2 * * *', 'every night'],
  ['0 9 * * 1-5', 'on weekdays at 9'],
  ['0 6 * * 1', 'on Mondays'],
  ['0 0 1 * *', 'on the first of the month'],
];
