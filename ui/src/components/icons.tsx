// Icons: 16 by 16, drawn with the colour of the text. They are beside words and say nothing alone.
const PATHS = {
  alert: 'M8 2.2 14.6 13.6H1.4ZM8 6.4v3.4M8 11.6v.2',
  arrowRight: 'M3 8h10M9 4l4 4-4 4',
  book: 'M3 2.8h4.2L8 3.6l.8-.8H13v9.7H8.8l-.8.8-.8-.8H3ZM8 3.6v9.7',
  calendar: 'M2.5 4h11v9.5h-11ZM2.5 7h11M5.5 2.2V5M10.5 2.2V5',
  check: 'm3 8.5 3.2 3.2L13 4.8',
  chevronDown: 'm4 6 4 4 4-4',
  chevronRight: 'm6 4 4 4-4 4',
  circle: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM8 4.8V8l2.2 1.6',
  copy: 'M5.5 5.5h8v8h-8ZM10.5 5.5v-3h-8v8h3',
  cross: 'm4 4 8 8M12 4l-8 8',
  dash: 'M4 8h8',
  dots: 'M3.5 7.2v1.6M8 7.2v1.6M12.5 7.2v1.6',
  download: 'M8 2.5v7.2M4.8 6.8 8 10l3.2-3.2M3 13.2h10',
  edit: 'M3 13l.6-3L10.8 2.8l2.4 2.4L6 12.4Z',
  events: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  filter: 'M2 3.5h12L9.5 9v4l-3-1.5V9Z',
  gear: 'M8 5.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8ZM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4',
  home: 'M2.5 7.5 8 2.8l5.5 4.7v6h-4V9.8h-3v3.7h-4Z',
  hourglass: 'M4 2.2h8M4 13.8h8M4.8 2.2c0 3.6 6.4 3.4 6.4 5.8s-6.4 2.2-6.4 5.8M11.2 2.2C11.2 5.8 4.8 5.6 4.8 8s6.4 2.2 6.4 5.8',
  jobs: 'M2.5 5h11v8.5h-11ZM6 5V2.8h4V5M2.5 8.8h11',
  link: 'M6.5 9.5l3-3M7 4.8l1.3-1.3a3 3 0 0 1 4.2 4.2L11.2 9M9 11.2l-1.3 1.3a3 3 0 0 1-4.2-4.2L4.8 7',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  monitor: 'M2 3h12v8H2ZM5.5 13.5h5M8 11v2.5',
  moon: 'M13.4 9.6A5.8 5.8 0 1 1 6.4 2.6a4.6 4.6 0 0 0 7 7Z',
  nodes: 'M8 2.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6ZM3.8 10.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6ZM12.2 10.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6ZM7.2 5.7 4.7 10.4M8.8 5.7l2.5 4.7M5.6 12h4.8',
  operations: 'M2.5 4.5h6M2.5 8h6M2.5 11.5h4M10 10.5l1.8 1.8 2.7-3.6',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  pencil: 'M3 13l.7-3L10.8 2.9l2.3 2.3L6 12.3Z',
  plus: 'M8 3v10M3 8h10',
  play: 'M5 3v10l8-5Z',
  queue: 'M2.5 3.5h11v3h-11ZM2.5 9.5h11v3h-11Z',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3',
  runs: 'M2.5 13.5V9M6.2 13.5V5.5M9.8 13.5v-6M13.5 13.5v-11',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.4 10.4l3.1 3.1',
  skip: 'M3.5 3.5v9l6-4.5ZM12.5 3.5v9',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  star: 'm8 2.2 1.8 3.7 4 .6-2.9 2.8.7 4L8 11.4l-3.6 1.9.7-4L2.2 6.5l4-.6Z',
  stop: 'M4 4h8v8H4Z',
  trash: 'M3 4.5h10M6.2 4.5V3h3.6v1.5M4.2 4.5l.6 8.8h6.4l.6-8.8',
  workers: 'M2.5 3h11v4h-11ZM2.5 9h11v4h-11ZM5 5h.01M5 11h.01',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({name, className = ''}: {name: IconName; className?: string}) {
  return (
    <svg
      viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none"
      stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round"
      className={`shrink-0 ${className}`}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
