import { memo } from "preact/compat";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Mark } from "../view/view.ts";
import type { PagePicture, Pixels } from "../view/pixels.ts";
import { useLoaded } from "./use-loaded.ts";

interface SheetProps {
  readonly pixels: Pixels;
  readonly file: number;
  readonly page: number;
  /** Width by height while it is not known. */
  readonly ratio: number;
  /** Those of this page. */
  readonly marks: readonly Mark[];
  readonly active: string | undefined;
  onPoint(mark: string | undefined): void;
  onPick(mark: string): void;
  onSize?(picture: PagePicture): void;
}

/** Most labels that are shown at once: more cover what they name. */
const MOST_LABELS = 12;

/** A picture or a page with what stands on it framed. It is loaded when it comes near the window. */
export function Sheet({ pixels, file, page, ratio, marks, active, onPoint, onPick, onSize }: SheetProps) {
  const [figure, near] = useNear();
  const load = useCallback(() => pixels.page(file, page), [pixels, file, page]);
  const loaded = useLoaded(load, near);
  const picture = loaded.state === "done" ? loaded.value : undefined;
  useEffect(() => {
    if (picture !== undefined) onSize?.(picture);
  }, [picture]);
  const shape = picture === undefined ? ratio : picture.width / picture.height;
  const named = useMemo(() => marks.filter((mark) => mark.named), [marks]);
  const name = sheetName(pixels.files, file, page, picture?.pages);

  return (
    <figure class="sheet" ref={figure} data-sheet={`${file}-${page}`} style={{ aspectRatio: String(shape) }}>
      {picture !== undefined && (
        <>
          <img src={picture.url} alt={name} draggable={false} />
          <Frames marks={marks} width={picture.width} height={picture.height} onPoint={onPoint} onPick={onPick} />
          <Active mark={marks.find(({ id }) => id === active)} width={picture.width} height={picture.height} />
          {named.length <= MOST_LABELS && <Labels marks={named} active={active} width={picture.width} height={picture.height} />}
        </>
      )}
      {loaded.state === "loading" && <p class="sheet-note">{near ? `Loading: ${name}` : name}</p>}
      {loaded.state === "failed" && (
        <p class="sheet-note" role="alert">
          {name} cannot be shown. {loaded.message}
        </p>
      )}
    </figure>
  );
}

export function sheetName(files: number, file: number, page: number, pages = 1): string {
  const name = files > 1 ? `file ${file + 1}` : "the file";
  return pages > 1 ? `Page ${page} of ${name}` : name === "the file" ? "The picture" : `Picture of ${name}`;
}

/** Between a frame and what it frames, by the picture's width. */
const AIR = 0.003;

interface FramesProps {
  readonly marks: readonly Mark[];
  readonly width: number;
  readonly height: number;
  onPoint(mark: string | undefined): void;
  onPick(mark: string): void;
}

/** All frames in one drawing, which nothing but another picture draws anew: pointing at one costs one more frame, not three hundred. */
const Frames = memo(function Frames({ marks, width, height, onPoint, onPick }: FramesProps) {
  const markOf = (event: Event): string | undefined => (event.target as SVGElement).dataset["mark"];
  // Print is not touched by its frame.
  const air = width * AIR;
  // The largest first, so that what lies in it can be pointed at.
  const ordered = useMemo(() => marks.toSorted((one, other) => area(other) - area(one)), [marks]);
  return (
    <svg
      class="frames"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      onPointerOver={(event) => onPoint(markOf(event))}
      onPointerLeave={() => onPoint(undefined)}
      onClick={(event) => {
        const picked = markOf(event);
        if (picked !== undefined) onPick(picked);
      }}
    >
      {ordered.map(({ id, box, tone }) => (
        <rect
          key={id}
          data-mark={id}
          class={`frame ${tone}`}
          x={box.x - air}
          y={box.y - air}
          width={box.width + 2 * air}
          height={box.height + 2 * air}
          rx={air}
        />
      ))}
    </svg>
  );
});

function area({ box }: Mark): number {
  return box.width * box.height;
}

function placed({ box }: Mark, width: number, height: number): Record<string, string> {
  const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`;
  return {
    left: percent(box.x, width),
    top: percent(box.y, height),
    width: percent(box.width, width),
    height: percent(box.height, height),
  };
}

/** Share of the picture in which a tag above or below a frame would be cut off. */
const EDGE = 0.06;
/** From this share of the width on a tag ends where its frame ends. */
const RIGHT = 0.75;

/** A tag stands above its frame, or wherever beside it the picture has room. */
function tagClass({ box, tone }: Mark, width: number, height: number): string {
  const isTop = box.y < height * EDGE;
  const isBottom = box.y + box.height > height * (1 - EDGE);
  const upright = !isTop ? "above" : isBottom ? "inside" : "below";
  return `tag ${tone} ${upright} ${box.x > width * RIGHT ? "right-aligned" : ""}`;
}

function Active({ mark, width, height }: { mark: Mark | undefined; width: number; height: number }) {
  if (mark === undefined) return null;
  return (
    <div class={`active-frame ${mark.tone}`} style={placed(mark, width, height)} aria-hidden="true">
      <span class={tagClass(mark, width, height)}>
        {mark.label} {mark.detail !== "" && <small>{mark.detail}</small>}
      </span>
    </div>
  );
}

const Labels = memo(function Labels({
  marks,
  active,
  width,
  height,
}: {
  marks: readonly Mark[];
  active: string | undefined;
  width: number;
  height: number;
}) {
  return (
    <div class="labels" aria-hidden="true">
      {marks
        .filter(({ id }) => id !== active)
        .map((mark) => (
          <span key={mark.id} class="label-place" style={placed(mark, width, height)}>
            <span class={tagClass(mark, width, height)}>{mark.label}</span>
          </span>
        ))}
    </div>
  );
});

/** Whether an element is in the window or near it, once it has been. */
function useNear() {
  const element = useRef<HTMLElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const watched = element.current;
    if (watched === null || near) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && setNear(true), { rootMargin: "600px" });
    observer.observe(watched);
    return () => observer.disconnect();
  }, [near]);
  return [element, near] as const;
}
