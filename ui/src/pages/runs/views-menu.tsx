import {useState} from 'react';
import {Button} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {TextField} from '@/components/field';
import {Menu} from '@/components/menu';
import {useShared} from '@/components/store';
import {toast, toastError} from '@/components/toasts';
import {savedViews, withView} from './saved-views';

/** The views that are kept in this browser, and what can be done with the one that is shown. */
export function ViewsMenu({query, onChoose}: {query: string; onChoose: (query: string) => void}) {
  const views = useShared(savedViews);
  const [isNaming, setNaming] = useState(false);
  const shown = views.find((view) => view.query === query);
  const share = () =>
    void navigator.clipboard.writeText(window.location.href).then(
      () => toast({title: 'Copied the address of this view'}),
      toastError('Could not copy the address'),
    );
  return (
    <>
      <Menu
        trigger={
          <Button icon="star">
            <span className="max-w-40 truncate">{shown?.name ?? 'Views'}</span>
          </Button>
        }
        items={[
          ...views.map((view) => ({
            label: view.name, icon: view === shown ? ('check' as const) : ('filter' as const),
            onSelect: () => onChoose(view.query),
          })),
          ...(views.length > 0 ? (['line'] as const) : []),
          {label: 'Save this view…', icon: 'star', isDisabled: !query, onSelect: () => setNaming(true)},
          {label: 'Copy its address', icon: 'copy', onSelect: share},
          ...(shown
            ? [{
                label: `Forget “${shown.name}”`, icon: 'cross' as const,
                onSelect: () => savedViews.set((all) => all.filter((view) => view.name !== shown.name)),
              }]
            : []),
        ]}
      />
      {isNaming && <NameDialog query={query} onClose={() => setNaming(false)} />}
    </>
  );
}

function NameDialog({query, onClose}: {query: string; onClose: () => void}) {
  const [name, setName] = useState('');
  const save = (event: React.FormEvent) => {
    event.preventDefault();
    savedViews.set((all) => withView(all, {name: name.trim(), query}));
    toast({title: `Saved “${name.trim()}”`, text: 'It is in this browser; share it by its address.'});
    onClose();
  };
  return (
    <Dialog title="Save this view" onClose={onClose}>
      <form className="flex flex-col gap-3" onSubmit={save}>
        <TextField
          label="Name" value={name} maxLength={60} autoFocus
          hint={<code className="font-mono break-all">{query}</code>}
          onChange={(event) => setName(event.target.value)}
        />
        <div className="flex justify-end">
          <Button look="primary" type="submit" disabled={!name.trim()}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
