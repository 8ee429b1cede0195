// Short words at the edge about what just happened: `toast({title: 'Paused nightly-backup'})`.
import {adviceFor, toApiError} from '@/api/problem';
import {IconButton} from './button';
import {Icon} from './icons';
import {shared, useShared} from './store';
import type {ReactNode} from 'react';

const SHOWN_MS = 6_000; // errors stay until they are dismissed
const MOST = 4;

export interface Toast {
  title: string;
  text?: ReactNode;
  tone?: 'good' | 'bad';
}

interface Shown extends Toast {
  id: number;
}

const toasts = shared<Shown[]>([]);
let nextId = 1;

export function dismissToast(id: number): void {
  toasts.set((shown) => shown.filter((each) => each.id !== id));
}

export function toast(made: Toast): void {
  const id = nextId++;
  toasts.set((shown) => [...shown.slice(1 - MOST), {...made, id}]);
  if (made.tone !== 'bad') setTimeout(() => dismissToast(id), SHOWN_MS);
}

/** For the `onError` of a mutation: `onError: toastError('Could not pause the job')`. */
export const toastError = (title: string) => (error: unknown) => {
  const {problem} = toApiError(error);
  toast({title, text: `${problem.detail} ${adviceFor(problem)}`, tone: 'bad'});
};

export function Toasts() {
  const shown = useShared(toasts);
  return (
    <div
      role="region" aria-label="Notices" aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-3 z-50 flex flex-col items-end gap-2"
    >
      {shown.map((each) => (
        <div
          key={each.id}
          className="pointer-events-auto flex w-full max-w-96 items-start gap-2 rounded-lg border border-line bg-panel p-3 text-sm shadow-lg"
        >
          <Icon
            name={each.tone === 'bad' ? 'alert' : 'check'}
            className={`mt-0.5 ${each.tone === 'bad' ? 'text-bad' : 'text-good'}`}
          />
          <div className="min-w-0 grow">
            <p className="font-medium break-words">{each.title}</p>
            {each.text && <div className="break-words text-dim">{each.text}</div>}
          </div>
          <IconButton label="Dismiss" icon="cross" className="-m-1" onClick={() => dismissToast(each.id)} />
        </div>
      ))}
    </div>
  );
}
