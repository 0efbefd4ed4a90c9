/** One page of a file as a picture the browser can show. */
export interface PagePicture {
  /** A data: address. */
  readonly url: string;
  /** Full-resolution pixels, upright: what boxes count in. */
  readonly width: number;
  readonly height: number;
  /** How many pages the file has. */
  readonly pages: number;
}

/** Where pictures come from. Rejects with an Error whose message is for people. */
export interface Pixels {
  /** How many files the call was about. */
  readonly files: number;
  /** @param file from 0. @param page from 1. */
  page(file: number, page: number): Promise<PagePicture>;
  /** A picture that the server saved, by the name it gave in its answer. */
  saved(reference: string): Promise<string>;
}
