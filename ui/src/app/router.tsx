// Every page with its path and the parameters of its address. A page is loaded when it is opened first.
import {createRootRoute, createRoute, createRouter, lazyRouteComponent} from '@tanstack/react-router';
import {Loading} from '@/components/page';
import {BrokenPage, NoSuchPage, Root} from './root';
import {parseSearch, stringifySearch, texts} from './search';

const root = createRootRoute({component: Root, notFoundComponent: NoSuchPage});

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('@/pages/overview/page')),
});
const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  validateSearch: texts('text', 'label', 'paused', 'type', 'failing'),
  component: lazyRouteComponent(() => import('@/pages/jobs/page')),
});
const job = createRoute({
  getParentRoute: () => root,
  path: '/jobs/$job',
  validateSearch: texts('tab', 'month', 'day', 'version'),
  component: lazyRouteComponent(() => import('@/pages/job/page')),
});
const editor = createRoute({
  getParentRoute: () => root,
  path: '/editor',
  validateSearch: texts('job'), // none: a new one
  component: lazyRouteComponent(() => import('@/pages/editor/page')),
});
const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: texts('q', 'job', 'state', 'trigger', 'queue', 'label', 'operation', 'from', 'until'),
  component: lazyRouteComponent(() => import('@/pages/runs/page')),
});
const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run',
  validateSearch: texts('tab', 'attempt', 'line', 'q'),
  component: lazyRouteComponent(() => import('@/pages/run/page')),
});
const runLog = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run/log',
  validateSearch: texts('attempt'),
  component: lazyRouteComponent(() => import('@/pages/run-log/page')),
});
const why = createRoute({
  getParentRoute: () => root,
  path: '/jobs/$job/at/$instant',
  component: lazyRouteComponent(() => import('@/pages/why/page')),
});
const operations = createRoute({
  getParentRoute: () => root,
  path: '/operations',
  component: lazyRouteComponent(() => import('@/pages/operations/page')),
});
const operation = createRoute({
  getParentRoute: () => root,
  path: '/operations/$operation',
  component: lazyRouteComponent(() => import('@/pages/operation/page')),
});
const schedule = createRoute({
  getParentRoute: () => root,
  path: '/schedule',
  validateSearch: texts('from', 'until', 'ending', 'label', 'view', 'at', 'to', 'zone'),
  component: lazyRouteComponent(() => import('@/pages/schedule/page')),
});
const queues = createRoute({
  getParentRoute: () => root,
  path: '/queues',
  validateSearch: texts('queue'),
  component: lazyRouteComponent(() => import('@/pages/queues/page')),
});
const nodes = createRoute({
  getParentRoute: () => root,
  path: '/nodes',
  validateSearch: texts('node'),
  component: lazyRouteComponent(() => import('@/pages/nodes/page')),
});
const workers = createRoute({
  getParentRoute: () => root,
  path: '/workers',
  validateSearch: texts('worker', 'view'),
  component: lazyRouteComponent(() => import('@/pages/workers/page')),
});
const events = createRoute({
  getParentRoute: () => root,
  path: '/events',
  validateSearch: texts('type', 'subject'),
  component: lazyRouteComponent(() => import('@/pages/events/page')),
});
const calendars = createRoute({
  getParentRoute: () => root,
  path: '/calendars',
  component: lazyRouteComponent(() => import('@/pages/calendars/page')),
});
const calendar = createRoute({
  getParentRoute: () => root,
  path: '/calendars/$calendar',
  validateSearch: texts('year'),
  component: lazyRouteComponent(() => import('@/pages/calendar/page')),
});
const connections = createRoute({
  getParentRoute: () => root,
  path: '/connections',
  validateSearch: texts('connection'),
  component: lazyRouteComponent(() => import('@/pages/connections/page')),
});
const shadow = createRoute({
  getParentRoute: () => root,
  path: '/shadow',
  validateSearch: texts('job', 'label', 'tolerance'),
  component: lazyRouteComponent(() => import('@/pages/shadow/page')),
});
const docs = createRoute({
  getParentRoute: () => root,
  path: '/docs',
  validateSearch: texts('q', 'operation'),
  component: lazyRouteComponent(() => import('@/pages/docs/page')),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: texts('tab'),
  component: lazyRouteComponent(() => import('@/pages/settings/page')),
});
const signin = createRoute({
  getParentRoute: () => root,
  path: '/signin', // who is signed in already sees the overview there
  component: lazyRouteComponent(() => import('@/pages/overview/page')),
});

export const routeTree = root.addChildren([
  overview, jobs, job, editor, why, runs, run, runLog, operations, operation, schedule, queues, workers, nodes,
  events, calendars, calendar, connections, shadow, docs, settings, signin,
]);

export function makeRouter() {
  return createRouter({
    routeTree,
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    defaultErrorComponent: BrokenPage,
    scrollRestoration: true,
    scrollToTopSelectors: ['#main'],
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
