// Scroller: from the scrollbar of an element to a place in a list of any length, and back.
//
// Browsers limit how tall an element can be (some 33 million pixels in Chromium, 17 in Firefox, and a
// million lines are 20). Above MOST_PIXELS the bar stands for a part of the list: a drag goes to the
// same share of the list, while a wheel, a touch or a key moves by the pixels it says. The two
// drift apart; settle() moves the bar to where the place is, when nothing moves.
//
// The place is a row and how many pixels of it are above the edge, so rows may differ in height (they
// do when lines wrap); only heights of rows on the screen are ever known.

const MOST_PIXELS = 8_000_000;
const DRAG_SCREENS = 3; // nobody's wheel moves further at once

export interface Place {
  row: number;
  offset: number;
}

export class Scroller {
  private rows = 0;
  private viewport = 0;
  private top = 0; // of the element, as last seen or set
  private place: Place = {row: 0, offset: 0};
  private heights = new Map<number, number>(); // where they are not rowHeight

  constructor(
    readonly rowHeight: number,
    private readonly most = MOST_PIXELS,
  ) {}

  get at(): Place {
    return this.place;
  }
  get screen(): number {
    return this.viewport;
  }
  /** Where the element was last seen or set. */
  get barTop(): number {
    return this.top;
  }
  /** How tall the element's content is made. */
  get height(): number {
    return Math.max(this.viewport, Math.min(this.rows * this.rowHeight, this.most));
  }
  get isAtEnd(): boolean {
    const end = this.endPlace();
    return this.place.row > end.row || (this.place.row === end.row && this.place.offset >= end.offset - 2);
  }
  private get isExact(): boolean {
    return this.heights.size === 0 && this.rows * this.rowHeight <= this.most;
  }

  setRows(rows: number): void {
    this.rows = rows;
    this.clamp();
  }
  setViewport(pixels: number): void {
    this.viewport = pixels;
    this.clamp();
  }

  heightOf(row: number): number {
    return this.heights.get(row) ?? this.rowHeight;
  }
  /** What rows on the screen were measured to be; of the others nothing is remembered. */
  measure(heights: ReadonlyMap<number, number>): void {
    this.heights = new Map([...heights].filter(([, height]) => height !== this.rowHeight));
  }

  /** The element was scrolled to `top`. */
  scrolled(top: number): void {
    const delta = top - this.top;
    this.top = top;
    if (this.isExact) this.place = {row: Math.floor(top / this.rowHeight), offset: top % this.rowHeight};
    else if (top <= 0) this.place = {row: 0, offset: 0};
    else if (top >= this.height - this.viewport) this.place = this.endPlace();
    else if (Math.abs(delta) > DRAG_SCREENS * this.viewport) this.place = this.placeOf(top);
    else this.moveBy(delta);
    this.clamp();
  }

  moveBy(pixels: number): void {
    let {row, offset} = this.place;
    offset += pixels;
    while (offset < 0 && row > 0) offset += this.heightOf(--row);
    while (row < this.rows - 1 && offset >= this.heightOf(row)) offset -= this.heightOf(row++);
    this.place = {row, offset: Math.max(0, offset)};
    this.clamp();
  }

  /** Brings the row to a share of the screen's height: 0 is its top. */
  show(row: number, share: number): void {
    this.place = {row: Math.min(Math.max(row, 0), Math.max(0, this.rows - 1)), offset: 0};
    this.moveBy(-share * (this.viewport - this.heightOf(row)));
  }
  showEnd(): void {
    this.place = this.endPlace();
  }

  /** Where the scrollbar belongs. */
  settle(): number {
    const room = this.height - this.viewport;
    const end = this.endPlace();
    const last = end.row + end.offset / this.heightOf(end.row);
    const now = this.place.row + this.place.offset / this.heightOf(this.place.row);
    if (this.isExact) this.top = this.place.row * this.rowHeight + this.place.offset;
    else this.top = last === 0 ? 0 : Math.round((Math.min(now, last) / last) * room);
    return this.top;
  }

  /** The bar is here now, by our own doing. */
  barSet(top: number): void {
    this.top = top;
  }

  /** The rows to draw, `more` of them beyond each edge. */
  visible(more: number): {first: number; last: number} {
    let filled = -this.place.offset;
    let last = this.place.row;
    while (last < this.rows && filled < this.viewport) filled += this.heightOf(last++);
    return {first: Math.max(0, this.place.row - more), last: Math.min(this.rows, last + more) - 1};
  }

  private placeOf(top: number): Place {
    const end = this.endPlace();
    const share = top / Math.max(1, this.height - this.viewport);
    const now = (end.row + end.offset / this.heightOf(end.row)) * share;
    const row = Math.floor(now);
    return {row, offset: (now - row) * this.heightOf(row)};
  }

  /** The place at which the last row is at the lower edge. */
  private endPlace(): Place {
    let row = this.rows;
    let room = this.viewport;
    while (row > 0 && room > 0) room -= this.heightOf(--row);
    return {row, offset: Math.max(0, -room)};
  }

  private clamp(): void {
    const end = this.endPlace();
    const isBehind = this.place.row > end.row || (this.place.row === end.row && this.place.offset > end.offset);
    if (isBehind) this.place = end;
  }
}
