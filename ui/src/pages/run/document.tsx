// A value as a person reads it: JSON in order and folded where it is long, text as it stands.
import {useState} from 'react';
import {Button} from '@/components/button';
import {CopyButton} from '@/components/copy';

const FOLDED_LINES = 14;

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

export function Document({value, mediaType, label}: {value: unknown; mediaType?: string; label: string}) {
  const [isOpen, setOpen] = useState(false);
  const text = textOf(value);
  const lines = text.split('\n');
  const isLong = lines.length > FOLDED_LINES;
  return (
    <div className="min-w-0">
      <div className="flex items-center justify-between gap-2 pb-1 text-xs text-dim">
        <span>{mediaType || (typeof value === 'string' ? 'text' : 'JSON')}</span>
        <CopyButton text={text} label={`Copy ${label}`} />
      </div>
      <pre
        tabIndex={0} aria-label={label}
        className="max-h-96 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs break-words whitespace-pre-wrap"
      >
        {isOpen || !isLong ? text : `${lines.slice(0, FOLDED_LINES).join('\n')}\n…`}
      </pre>
      {isLong && (
        <Button look="quiet" icon={isOpen ? 'chevronDown' : 'chevronRight'} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Fold' : `Show all ${lines.length} lines`}
        </Button>
      )}
    </div>
  );
}
