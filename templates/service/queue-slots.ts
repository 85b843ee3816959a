/** A fixed number of places; who finds none free waits in line. */
export class Slots {
  private free: number;
  private readonly waiting: { resolve(): void; reject(error: Error): void }[] = [];
  private isClosed = false;

  constructor(count: number) {
    this.free = count;
  }

  /** Rejects once the slots are closed. */
  async take(): Promise<void> {
    if (this.isClosed) throw new Error('closed');
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  give(): void {
    const next = this.waiting.shift();
    if (next) next.resolve();
    else this.free++;
  }

  close(): void {
    this.isClosed = true;
    for (const { reject } of this.waiting.splice(0)) reject(new Error('closed'));
  }
}
