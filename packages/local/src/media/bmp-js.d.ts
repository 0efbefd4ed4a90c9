declare module "bmp-js" {
  /** `data` is ABGR, 4 bytes a pixel, rows from the top. */
  export function decode(bytes: Buffer): { width: number; height: number; data: Buffer };
}
