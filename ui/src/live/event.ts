// What the live stream brings, and how it stands.

/** An event of the node (a CloudEvent), or `log.grew` with `data.run`. */
export interface LiveEvent {
  id: string;
  type: string;
  subject: string;
  time: string;
  data: Record<string, unknown>;
}

/** `paused` is this tab's own wish; the others are those of the connection. */
export type LiveStatus = 'connecting' | 'live' | 'reconnecting' | 'signed_out' | 'paused';

/** Where a connection, or the channel from the tab that has one, hands over what came. */
export interface LiveSink {
  events(events: LiveEvent[]): void;
  /** Something was missed: all that is shown must be read again. */
  resync(): void;
  status(status: LiveStatus): void;
}
