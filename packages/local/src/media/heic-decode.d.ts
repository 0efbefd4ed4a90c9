declare module "heic-decode" {
  /** RGBA, 4 bytes a pixel, rotation applied. */
  export default function decode(options: { buffer: Uint8Array }): Promise<{ width: number; height: number; data: Uint8ClampedArray }>;
}
