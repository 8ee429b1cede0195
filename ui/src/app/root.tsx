// The root of the pages: who is not signed in is asked to, in the place of the page.
import type {ErrorComponentProps} from '@tanstack/react-router';
import {useSession} from '@/api/session';
import {ButtonLink} from '@/components/button';
import {ErrorPanel} from '@/components/error-panel';
import {Empty, Loading, Page} from '@/components/page';
import {LiveProvider} from '@/live/live';
import {Layout} from './layout';
import {SignIn} from './sign-in';

export function Root() {
  const session = useSession();
  if (session.data) {
    return (
      <LiveProvider>
        <Layout />
      </LiveProvider>
    );
  }
  if (session.data === null) return <SignIn />;
  return (
    <main className="mx-auto max-w-lg p-8">
      <h1 className="sr-only">Mainspring</h1>
      {session.error ? (
        <ErrorPanel error={session.error} onRetry={() => void session.refetch()} />
      ) : (
        <Loading what="Asking who you are" />
      )}
    </main>
  );
}

export function NoSuchPage() {
  return (
    <Page title="There is no page here">
      <Empty title="The address leads to no page" action={<ButtonLink to="/">To the overview</ButtonLink>}>
        It may be mistyped, or from another version of Mainspring.
      </Empty>
    </Page>
  );
}

/** A page broke, or its code could not be loaded: say so, keep everything around it. */
export function BrokenPage({error, reset}: ErrorComponentProps) {
  const isOld = /dynamically imported module|module script/i.test(String(error));
  return (
    <Page title={isOld ? 'A newer version is there' : 'This page does not work'}>
      <ErrorPanel
        error={error}
        what={isOld ? 'The node was updated: load the page again.' : 'This is a fault of the web UI'}
        onRetry={() => (isOld ? window.location.reload() : reset())}
      />
    </Page>
  );
}
