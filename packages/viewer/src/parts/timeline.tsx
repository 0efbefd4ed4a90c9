import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { clock } from "../view/read-hits.ts";
import type { Hits, Span } from "../view/view.ts";
import type { Pixels } from "../view/pixels.ts";
import { useLoaded } from "./use-loaded.ts";

interface TimelineProps {
  readonly hits: Hits;
  readonly pixels: Pixels | undefined;
  /** The video itself, where the page has it. */
  readonly video: string | undefined;
}

/** When something can be seen, along the video; a hit is played where the video is at hand, and shown as its frame elsewhere. */
export function Timeline({ hits, pixels, video }: TimelineProps) {
  const player = useRef<HTMLVideoElement>(null);
  const [chosen, choose] = useState(0);
  const [now, setNow] = useState<number | undefined>(undefined);
  useEffect(() => choose(0), [hits]);
  const percent = (seconds: number): string => `${Math.min(100, Math.max(0, (100 * seconds) / Math.max(hits.duration, 0.001)))}%`;

  function go(index: number): void {
    const span = hits.spans[index];
    if (span === undefined) return;
    choose(index);
    if (player.current !== null) player.current.currentTime = span.best;
  }

  return (
    <section class="timeline" aria-label="Timeline">
      {video !== undefined && (
        // The videos people bring here have no captions.
        <video
          ref={player}
          src={video}
          controls
          muted
          playsInline
          onLoadedMetadata={() => go(0)}
          onTimeUpdate={(event) => setNow(event.currentTarget.currentTime)}
        />
      )}
      <div class="track" role="group" aria-label={`Hits in ${clock(hits.duration)}`}>
        {hits.spans.map((span, index) => (
          <button
            type="button"
            key={`${span.start}-${index}`}
            class={`span ${index === chosen ? "is-active" : ""}`}
            style={{ left: percent(span.start), width: percent(span.end - span.start) }}
            aria-label={`${clock(span.start)} to ${clock(span.end)}: ${span.label}`}
            onClick={() => go(index)}
          />
        ))}
        {now !== undefined && <span class="playhead" style={{ left: percent(now) }} />}
      </div>
      <div class="track-ends" aria-hidden="true">
        <span>0:00</span>
        <span>{clock(hits.duration)}</span>
      </div>
      <ol class="hits">
        {hits.spans.map((span, index) => (
          <li key={`${span.start}-${index}`}>
            <button type="button" class={`hit ${index === chosen ? "is-active" : ""}`} onClick={() => go(index)}>
              {span.frame !== undefined && pixels !== undefined && <Frame pixels={pixels} span={span} frame={span.frame} />}
              <span class="hit-words">
                <strong>
                  {clock(span.start)} – {clock(span.end)}
                </strong>
                <span>{span.label}</span>
                <small>{span.detail}</small>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Frame({ pixels, span, frame }: { pixels: Pixels; span: Span; frame: string }) {
  const load = useCallback(() => pixels.saved(frame), [pixels, frame]);
  const loaded = useLoaded(load);
  if (loaded.state === "done") return <img class="hit-frame" src={loaded.value} alt={`The video at ${clock(span.best)}`} />;
  return <span class="hit-frame">{loaded.state === "failed" ? "No frame" : ""}</span>;
}
