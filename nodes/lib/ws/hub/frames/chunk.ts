/** One piece of what clients are sent, shared by all who get it. */
export interface Piece {
  readonly frames: Buffer;
  /** `frames` followed by a ping that carries `mark`; made when first needed. */
  marked: MarkedFrames | undefined;
}

/** One piece of what a group's clients are sent, shared by all that stand at the same place. */
export interface Chunk extends Piece {
  /** Empty when nothing up to `next` was for this group. */
  readonly frames: Buffer;
  readonly readings: number;
  /** Where the next chunk begins: a sequence number of the log, and a position in the group. */
  readonly next: number;
  readonly nextPosition: number;
  /** The compression's; made when first needed. */
  compressed: CompressedChunk | undefined;
}

/** What a chunk became as a part of its group's compressed stream. */
export interface CompressedChunk extends Piece {
  /** Its place in the stream. */
  readonly number: number;
  /** It refers to nothing before it. */
  readonly isEntry: boolean;
}

export interface MarkedFrames {
  readonly frames: Buffer;
  readonly mark: number;
}

/** Chunks of one group in the running pass. */
export interface PassChunks {
  /** By where in the log they begin. */
  readonly fromLog: Map<number, Chunk>;
  /** By where the replay begins and ends. */
  readonly replay: Map<string, Chunk>;
  /** By the view, and where in it they begin. */
  readonly history: Map<string, Chunk>;
}
