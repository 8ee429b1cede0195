// Server-sent events from pieces of text, by section 9.2 of the HTML standard. EventSource is not
// used: it cannot name the event to resume behind when the topics change.

export interface SseMessage {
  id: string;
  event: string;
  data: string;
}

export class SseParser {
  private rest = '';
  private id = '';
  private idInForce = '';
  private event = '';
  private data: string[] = [];

  /** The id of the last message, also of one without data, which only says how far the stream is. */
  get lastId(): string {
    return this.idInForce;
  }

  /** The messages that `text` completes. */
  push(text: string): SseMessage[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    const messages: SseMessage[] = [];
    for (const line of lines) this.take(line, messages);
    return messages;
  }

  private take(line: string, messages: SseMessage[]): void {
    if (line === '') {
      this.idInForce = this.id;
      if (this.data.length > 0) {
        messages.push({id: this.id, event: this.event || 'message', data: this.data.join('\n')});
      }
      this.event = '';
      this.data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return; // a comment: the heartbeat
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.data.push(value);
    if (field === 'event') this.event = value;
    if (field === 'id' && !value.includes('\0')) this.id = value;
  }
}
