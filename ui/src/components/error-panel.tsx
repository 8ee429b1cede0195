// What went wrong, where, and what to do about it: from problem+json.
import {adviceFor, toApiError} from '@/api/problem';
import {Button} from './button';
import {Icon} from './icons';

interface ErrorPanelProps {
  error: unknown;
  /** What was tried: "Could not load the runs". */
  what?: string;
  onRetry?: () => void;
}

export function ErrorPanel({error, what, onRetry}: ErrorPanelProps) {
  const {problem} = toApiError(error);
  return (
    <div role="alert" className="rounded-md border border-bad/40 bg-bad-soft p-3 text-sm">
      <p className="flex items-center gap-2 font-semibold text-bad">
        <Icon name="alert" />
        {what ?? problem.title}
      </p>
      <p className="mt-1 break-words">{problem.detail}</p>
      {problem.errors && problem.errors.length > 0 && <Mistakes errors={problem.errors} />}
      <p className="mt-1">{adviceFor(problem)}</p>
      <div className="mt-2 flex flex-wrap items-center gap-3">
        {onRetry && (
          <Button onClick={onRetry} icon="refresh">
            Try again
          </Button>
        )}
        {problem.request_id && (
          <span className="font-mono text-xs">request {problem.request_id}</span>
        )}
      </div>
    </div>
  );
}

function Mistakes({errors}: {errors: NonNullable<ReturnType<typeof toApiError>['problem']['errors']>}) {
  return (
    <ul className="mt-1 list-disc pl-5">
      {errors.map((mistake, at) => (
        <li key={at} className="break-words">
          {mistake.line ? `Line ${mistake.line}, column ${mistake.column}: ` : ''}
          {!mistake.line && mistake.pointer && <code className="font-mono">{mistake.pointer}: </code>}
          {mistake.message}
          {mistake.suggestion && (
            <>
              {' '}
              Did you mean <code className="font-mono">{mistake.suggestion}</code>?
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
