/** The same memory as what n8n and axios take: of another kind of view they would take all that lies under it. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
