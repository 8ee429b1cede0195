// One operation of the API: what it takes, what it answers, how to call it.
import {useState} from 'react';
import {Badge, type Tone} from '@/components/state';
import {CopyButton} from '@/components/copy';
import {
  curlExample, fieldsOf, jobctlExample, typeWords, type ApiDocument, type Operation, type Parameter, type Schema,
} from './reference';

const METHODS: Record<string, Tone> = {GET: 'busy', POST: 'good', PUT: 'warn', DELETE: 'bad'};

export function Method({method}: {method: string}) {
  return (
    <span className="inline-block w-16 shrink-0">
      <Badge tone={METHODS[method] ?? 'dim'}>{method}</Badge>
    </span>
  );
}

export function OperationDetail({document, operation}: {document: ApiDocument; operation: Operation}) {
  const bodies = Object.entries(operation.requestBody?.content ?? {});
  const answers = Object.entries(operation.responses ?? {});
  const good = answers.filter(([status]) => status < '400');
  const bad = answers.filter(([status]) => status >= '400');
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p>
        {operation.summary} <span className="text-dim">Needs the role {operation['x-permission'] ?? 'viewer'}.</span>
      </p>
      <Examples document={document} operation={operation} />
      {(operation.parameters?.length ?? 0) > 0 && (
        <Part title="Parameters">
          <Parameters parameters={operation.parameters ?? []} />
        </Part>
      )}
      {bodies.map(([type, {schema}]) => (
        <Part key={type} title={`Body, ${type}`}>
          <Shape document={document} schema={schema ?? {}} />
        </Part>
      ))}
      {good.map(([status, {content}]) => {
        const [first] = Object.entries(content ?? {});
        return (
          <Part key={status} title={`Answer ${status}${first ? `, ${first[0]}` : ''}`}>
            {first ? <Shape document={document} schema={first[1].schema ?? {}} /> : <p className="text-dim">Nothing.</p>}
          </Part>
        );
      })}
      <Part title="Errors, application/problem+json">
        <ul>
          {bad.map(([status, {description}]) => (
            <li key={status}>
              <span className="tabular font-medium">{status}</span> {description?.replaceAll('`', '')}
            </li>
          ))}
        </ul>
      </Part>
    </div>
  );
}

function Part({title, children}: {title: string; children: React.ReactNode}) {
  return (
    <section>
      <h3 className="mb-1 font-semibold">{title}</h3>
      {children}
    </section>
  );
}

function Examples({document, operation}: {document: ApiDocument; operation: Operation}) {
  const examples = [
    ['curl', curlExample(document, operation, window.location.origin)],
    ['jobctl', jobctlExample(document, operation)],
  ] as const;
  return (
    <div className="flex flex-col gap-2">
      {examples.map(([name, text]) => (
        <div key={name} className="flex items-start gap-1 rounded-md bg-sunken p-1 pl-3">
          <pre tabIndex={0} aria-label={`Example with ${name}`} className="min-w-0 grow overflow-x-auto py-1.5 font-mono text-xs">
            {text}
          </pre>
          <CopyButton text={text} label={`Copy the ${name} example`} />
        </div>
      ))}
    </div>
  );
}

const ROW = 'grid gap-x-4 border-t border-line/60 py-1.5 first:border-t-0 md:grid-cols-[200px_150px_minmax(0,1fr)]';

function Parameters({parameters}: {parameters: Parameter[]}) {
  return (
    <ul>
      {parameters.map((each) => (
        <li key={each.name} className={ROW}>
          <span className="break-all">
            <code className="font-mono font-medium">{each.name}</code>{' '}
            <span className="text-xs text-dim">{each.in}{each.required ? ', required' : ''}</span>
          </span>
          <span className="text-dim">{typeWords(each.schema)}</span>
          <span>{each.description}</span>
        </li>
      ))}
    </ul>
  );
}

/** The fields of a schema; those with fields of their own open below. */
function Shape({document, schema}: {document: ApiDocument; schema: Schema}) {
  const fields = fieldsOf(document, schema);
  if (fields.length === 0) return <p className="text-dim">{typeWords(schema)}{schema.description ? `: ${schema.description}` : ''}</p>;
  return (
    <>
      {schema.$ref && <p className="text-dim">{typeWords(schema)}</p>}
      <ul>
        {fields.map((field) => (
          <li key={field.name} className={ROW}>
            <span className="break-all">
              <code className="font-mono font-medium">{field.name}</code>{' '}
              {field.isRequired && <span className="text-xs text-dim">required</span>}
            </span>
            <span className="break-words text-dim">{field.type}</span>
            <div className="min-w-0">
              {field.words}
              {field.inner && <Inner document={document} schema={field.inner} name={field.name} />}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

function Inner({document, schema, name}: {document: ApiDocument; schema: Schema; name: string}) {
  const [isOpen, setOpen] = useState(false); // schemas hold themselves: only what is open exists
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="text-accent">Fields of {name}</summary>
      {isOpen && <Shape document={document} schema={schema} />}
    </details>
  );
}
