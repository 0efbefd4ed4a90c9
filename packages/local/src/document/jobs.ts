import type { Attachment } from "@sightline/core";
import type { JobContext } from "../worker/define-job.ts";
import { openPdf } from "./pdf/open-pdf.ts";
import { openPicture } from "./picture-document.ts";
import type { DocumentStart, PageImage, PageSize, PageText, WorkerDocument } from "./worker-document.ts";

/** The document jobs, on the worker's side. All run with the session of their document. */

async function open({ kind, bytes, password }: DocumentStart): Promise<WorkerDocument> {
  return kind === "pdf" ? openPdf(bytes, password) : openPicture(bytes);
}

/** Runs `use` on the session's document. WebAssembly that trapped has left its memory in an unknown state: nothing more is read with it. */
async function withDocument<Result>(job: JobContext, use: (document: WorkerDocument) => Promise<Result>): Promise<Result> {
  try {
    return await use(await job.kept((start) => open(start as DocumentStart)));
  } catch (error) {
    if (error instanceof Error && error.name === "RuntimeError") job.wornOut();
    throw error;
  }
}

export interface OpenedDocument {
  readonly pageCount: number;
  readonly attachments: readonly Attachment[];
  readonly warnings: readonly string[];
}

export function openDocument(_input: object, job: JobContext): Promise<OpenedDocument> {
  return withDocument(job, async ({ pageCount, attachments, warnings }) => ({ pageCount, attachments, warnings }));
}

export function documentText({ page }: { page: number }, job: JobContext): Promise<PageText> {
  return withDocument(job, (document) => document.text(page));
}

export function documentImage({ page, ...size }: PageSize & { page: number }, job: JobContext): Promise<PageImage> {
  return withDocument(job, (document) => document.image(page, size));
}
