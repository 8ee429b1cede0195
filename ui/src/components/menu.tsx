// A menu behind a button. It is not modal: Radix would then write a style element into the page, which
// the page's policy refuses.
import * as Radix from '@radix-ui/react-dropdown-menu';
import type {ReactNode} from 'react';
import {Icon, type IconName} from './icons';

export interface MenuItem {
  label: string;
  icon?: IconName;
  onSelect: () => void;
  isDestructive?: boolean;
  isDisabled?: boolean;
}

export function Menu({trigger, items}: {trigger: ReactNode; items: (MenuItem | 'line')[]}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end" sideOffset={4}
          className="z-40 min-w-44 rounded-lg border border-line bg-panel p-1 text-sm shadow-lg"
        >
          {items.map((item, at) =>
            item === 'line' ? (
              <Radix.Separator key={at} className="my-1 h-px bg-line" />
            ) : (
              <Radix.Item
                key={item.label} disabled={item.isDisabled} onSelect={item.onSelect}
                className={`flex h-8 cursor-pointer items-center gap-2 rounded px-2 outline-none data-disabled:opacity-50 data-highlighted:bg-sunken ${item.isDestructive ? 'text-bad' : ''}`}
              >
                {item.icon && <Icon name={item.icon} />}
                {item.label}
              </Radix.Item>
            ),
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
