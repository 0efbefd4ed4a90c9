import type { Progress } from "../call/follow-job.ts";

/** Work under way, told to eyes and to screen readers. */
export function Working({ progress: { message, done, total, text } }: { progress: Progress }) {
  return (
    <div class="working">
      <progress {...(done === undefined || total === undefined ? {} : { value: done, max: total })} aria-label="Progress" />
      <p role="status">{message}</p>
      {text !== undefined && <pre class="text">{text}</pre>}
    </div>
  );
}
