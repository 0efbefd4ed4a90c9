import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Mark } from "../view/view.ts";
import type { PagePicture, Pixels } from "../view/pixels.ts";
import { Sheet } from "./sheet.tsx";

interface SheetsProps {
  readonly pixels: Pixels;
  readonly marks: readonly Mark[];
  readonly active: string | undefined;
  onPoint(mark: string | undefined): void;
  onPick(mark: string): void;
}

/** Width by height of a portrait page, until a real one is known. */
const PAGE_RATIO = 1 / Math.SQRT2;

/** Every page of every file, one below the other; the one that holds the active mark is brought into sight. */
export function Sheets({ pixels, marks, active, onPoint, onPick }: SheetsProps) {
  const pane = useRef<HTMLDivElement>(null);
  const [sizes, setSizes] = useState<Readonly<Record<number, PagePicture>>>({});
  useEffect(() => setSizes({}), [pixels]);

  const byPage = useMemo(() => Map.groupBy(marks, ({ file, page }) => `${file}-${page}`), [marks]);
  const onSize = useCallback(
    (file: number) => (picture: PagePicture) => setSizes((before) => (file in before ? before : { ...before, [file]: picture })),
    [],
  );

  useEffect(() => {
    const mark = marks.find(({ id }) => id === active);
    const box = pane.current;
    const sheet = mark && box?.querySelector<HTMLElement>(`[data-sheet="${mark.file}-${mark.page}"]`);
    if (!mark || !box || !sheet) return;
    const size = sizes[mark.file];
    const scale = size === undefined ? 0 : sheet.clientWidth / size.width;
    const top = sheet.offsetTop + mark.box.y * scale;
    const bottom = top + mark.box.height * scale;
    if (top >= box.scrollTop && bottom <= box.scrollTop + box.clientHeight) return;
    box.scrollTo({ top: Math.max(0, (top + bottom - box.clientHeight) / 2) });
  }, [active, marks, sizes]);

  return (
    // A pane that scrolls has to be reachable by keyboard.
    <div class="sheets" ref={pane} tabIndex={0} role="group" aria-label="Pages">
      {Array.from({ length: pixels.files }, (_, file) => {
        const size = sizes[file];
        return Array.from({ length: size?.pages ?? 1 }, (_, index) => {
          const own = byPage.get(`${file}-${index + 1}`) ?? NO_MARKS;
          return (
            <Sheet
              key={`${file}-${index + 1}`}
              pixels={pixels}
              file={file}
              page={index + 1}
              ratio={size === undefined ? PAGE_RATIO : size.width / size.height}
              marks={own}
              active={active}
              onPoint={onPoint}
              onPick={onPick}
              {...(index === 0 ? { onSize: onSize(file) } : {})}
            />
          );
        });
      })}
    </div>
  );
}

const NO_MARKS: readonly Mark[] = [];
