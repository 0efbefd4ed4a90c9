// oxlint-disable-next-line import/no-unassigned-import -- it sets what the imports after it find
import "../no-eval.ts";
import { render } from "preact";
import { version } from "../../package.json";
import { Playground } from "./playground.tsx";

render(<Playground version={version} />, document.getElementById("root") as HTMLElement);
