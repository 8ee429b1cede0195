import {Link, type LinkProps} from '@tanstack/react-router';
import type {ButtonHTMLAttributes, ReactNode} from 'react';
import {Icon, type IconName} from './icons';

const LOOKS = {
  plain: 'border-line bg-panel text-ink hover:bg-sunken',
  primary: 'border-transparent bg-accent text-accent-ink hover:opacity-90',
  danger: 'border-bad bg-panel text-bad hover:bg-bad-soft',
  quiet: 'border-transparent bg-transparent text-dim hover:bg-sunken hover:text-ink',
};

const SHAPE =
  'inline-flex h-8 items-center justify-center gap-1.5 rounded-md border px-2.5 text-sm font-medium ' +
  'whitespace-nowrap select-none disabled:cursor-not-allowed disabled:opacity-55';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof LOOKS;
  icon?: IconName;
  /** Something is going on because of it: it cannot be pressed again meanwhile. */
  busy?: boolean;
}

export function Button({look = 'plain', icon, busy, className = '', children, ...rest}: ButtonProps) {
  return (
    <button
      type="button" {...rest} disabled={rest.disabled || busy} aria-busy={busy || undefined}
      className={`${SHAPE} ${LOOKS[look]} ${className}`}
    >
      {icon && <Icon name={icon} className={busy ? 'animate-pulse' : ''} />}
      {children}
    </button>
  );
}

/** A button that is only an icon: `label` is its name for readers and its hint. */
export function IconButton({label, icon, className = '', ...rest}: Omit<ButtonProps, 'children'> & {label: string; icon: IconName}) {
  return (
    <Button look="quiet" {...rest} aria-label={label} title={label} icon={icon} className={`w-8 px-0 ${className}`} />
  );
}

/** Leads somewhere, looks like a button. */
export function ButtonLink({look = 'plain', icon, children, className = '', ...link}: LinkProps & {look?: keyof typeof LOOKS; icon?: IconName; children: ReactNode; className?: string}) {
  return (
    <Link {...link} className={`${SHAPE} ${LOOKS[look]} ${className}`}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

export function Kbd({children}: {children: ReactNode}) {
  return (
    <kbd className="rounded border border-line bg-sunken px-1 font-mono text-xs text-dim">{children}</kbd>
  );
}
