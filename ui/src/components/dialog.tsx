// Dialogs are the browser's own <dialog>: it holds the focus, closes on Escape and lies above all,
// without a style that the page's policy would have to allow.
import {useEffect, useId, useRef, useState, type ReactNode} from 'react';
import {Button, IconButton} from './button';
import {TextField} from './field';
import {shared, useShared} from './store';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** The row of buttons. */
  footer?: ReactNode;
  wide?: boolean;
}

/** Open as long as it is rendered. */
export function Dialog({title, onClose, children, footer, wide}: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref} aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => event.target === ref.current && onClose()}
      className={`max-h-[85dvh] w-[min(92vw,100%)] overflow-hidden rounded-lg border border-line bg-panel p-0 text-ink shadow-2xl ${wide ? 'max-w-4xl' : 'max-w-md'}`}
    >
      <div className="flex max-h-[85dvh] flex-col">
        <div className="flex items-center justify-between gap-2 border-b border-line px-4 py-2">
          <h2 id={id} className="text-base font-semibold">
            {title}
          </h2>
          <IconButton label="Close" icon="cross" onClick={onClose} />
        </div>
        <div className="min-h-0 overflow-auto p-4">{children}</div>
        {footer && (
          <div className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{footer}</div>
        )}
      </div>
    </dialog>
  );
}

export interface Question {
  /** Says what and how many: "Cancel 200 runs?" */
  title: string;
  /** What follows from it, and whether it can be taken back. */
  text: ReactNode;
  /** The verb with its count again: "Cancel 200 runs". */
  action: string;
  isDestructive?: boolean;
  /** Must be typed first: for what cannot be taken back and is large. */
  typed?: string;
}

interface Asked extends Question {
  answer: (yes: boolean) => void;
}

const asked = shared<Asked | null>(null);

/** Asks, and says whether the person agreed: `if (!(await confirm({...}))) return;` */
export function confirm(question: Question): Promise<boolean> {
  asked.get()?.answer(false);
  return new Promise((resolve) => {
    const answer = (yes: boolean) => {
      asked.set(null);
      resolve(yes);
    };
    asked.set({...question, answer});
  });
}

/** Once in the app: shows what `confirm` asks. */
export function ConfirmDialog() {
  const question = useShared(asked);
  return question && <Confirmation key={question.title} question={question} />;
}

function Confirmation({question}: {question: Asked}) {
  const [typed, setTyped] = useState('');
  const isReady = !question.typed || typed.trim() === question.typed;
  return (
    <Dialog
      title={question.title} onClose={() => question.answer(false)}
      footer={
        <>
          <Button onClick={() => question.answer(false)}>Keep as it is</Button>
          <Button
            look={question.isDestructive ? 'danger' : 'primary'} disabled={!isReady}
            onClick={() => question.answer(true)}
          >
            {question.action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 text-sm">
        <div>{question.text}</div>
        {question.typed && (
          <TextField
            label={`Type ${question.typed} to go on`} value={typed} autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </div>
    </Dialog>
  );
}
