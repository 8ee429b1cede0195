// The reference of the API, from the document that this node serves.
import {queryOptions, useQuery} from '@tanstack/react-query';
import {useNavigate, useSearch} from '@tanstack/react-router';
import {useMemo} from 'react';
import {api, ask} from '@/api/client';
import {SearchBox} from '@/components/field';
import {ErrorPanel} from '@/components/error-panel';
import {Empty, Loading, Page} from '@/components/page';
import {Method, OperationDetail} from './operation';
import {byTag, isFound, operationsOf, type ApiDocument, type Operation} from './reference';

const documentQuery = queryOptions({
  queryKey: ['openapi'],
  queryFn: async ({signal}) => (await ask(api.GET('/api/v1/openapi.json', {signal}))) as unknown as ApiDocument,
  staleTime: Number.POSITIVE_INFINITY,
});

export default function DocsPage() {
  const search = useSearch({from: '/docs'});
  const navigate = useNavigate({from: '/docs'});
  const query = useQuery(documentQuery);
  const operations = useMemo(() => (query.data ? operationsOf(query.data) : []), [query.data]);
  const shown = operations.filter((operation) => isFound(operation, search.q ?? ''));
  const toggle = (operation: string, isOpen: boolean) =>
    void navigate({search: (now) => ({...now, operation: isOpen ? operation : undefined}), replace: true, resetScroll: false});
  return (
    <Page
      title="API" about="Every request that this node answers; jobctl and this web UI use nothing else."
      actions={
        <a href="/api/v1/openapi.json" className="link text-sm" target="_blank" rel="noreferrer">OpenAPI document</a>
      }
    >
      <div className="flex flex-wrap items-center gap-3">
        <SearchBox
          label="Find an operation" placeholder="Find, such as: post queues" value={search.q ?? ''}
          onText={(q) => void navigate({search: (now) => ({...now, q}), replace: true})}
        />
        {query.data && <span role="status" className="text-xs text-dim">{shown.length} of {operations.length} operations</span>}
      </div>
      {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {query.data && shown.length === 0 && (
        <Empty title="No operation is like this">Words of the path, the method or the summary find one.</Empty>
      )}
      {query.data &&
        byTag(shown).map(([tag, group]) => (
          <section key={tag} aria-label={tag} className="rounded-lg border border-line bg-panel">
            <h2 className="border-b border-line px-3 py-2 text-sm font-semibold">{tag}</h2>
            <ul>
              {group.map((operation) => (
                <OperationRow
                  key={operation.operationId} document={query.data} operation={operation}
                  isOpen={search.operation === operation.operationId}
                  onToggle={(isOpen) => toggle(operation.operationId, isOpen)}
                />
              ))}
            </ul>
          </section>
        ))}
    </Page>
  );
}

interface OperationRowProps {
  document: ApiDocument;
  operation: Operation;
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
}

function OperationRow({document, operation, isOpen, onToggle}: OperationRowProps) {
  const id = `operation-${operation.operationId}`;
  return (
    <li className="border-t border-line/60 first:border-t-0">
      <button
        type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => onToggle(!isOpen)}
        className="flex w-full flex-wrap items-baseline gap-x-2 px-3 py-1.5 text-left text-sm hover:bg-sunken md:grid md:grid-cols-[4rem_minmax(0,2fr)_minmax(0,3fr)]"
      >
        <Method method={operation.method} />
        <code className="font-mono font-medium break-all">{operation.path}</code>
        <span className="w-full min-w-0 text-dim md:w-auto">{operation.summary}</span>
      </button>
      <div id={id} hidden={!isOpen} className="border-t border-line/60 p-3">
        {isOpen && <OperationDetail document={document} operation={operation} />}
      </div>
    </li>
  );
}
