import "../no-eval.ts";
import { render } from "preact";
import { version } from "../../package.json";
import { Playground } from "./playground.tsx";

render(<Playground version={version} />, document.getElementById("root") as HTMLElement);
