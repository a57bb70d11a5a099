/** A binary message: the stream's number (u32, little endian), then the payload. */
export interface Frame {
  stream: number;
  payload: Uint8Array;
}

/** Reads a binary message; null when it is too short to be one. */
export function readFrame(buffer: ArrayBuffer): Frame | null {
  if (buffer.byteLength < 4) return null;
  return { stream: new DataView(buffer).getUint32(0, true), payload: new Uint8Array(buffer, 4) };
}
