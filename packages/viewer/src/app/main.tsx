// oxlint-disable-next-line import/no-unassigned-import -- it sets what the imports after it find
import "../no-eval.ts";
import { App, applyDocumentTheme, applyHostFonts, applyHostStyleVariables, type McpUiHostContext } from "@modelcontextprotocol/ext-apps";
import { render } from "preact";
import { version } from "../../package.json";
import { Viewer } from "./viewer.tsx";

const app = new App({ name: "sightline-viewer", version }, {});

function follow({ theme, styles }: McpUiHostContext): void {
  if (theme !== undefined) applyDocumentTheme(theme);
  if (styles?.variables !== undefined) applyHostStyleVariables(styles.variables);
  if (styles?.css?.fonts !== undefined) applyHostFonts(styles.css.fonts);
}

app.addEventListener("hostcontextchanged", follow);
document.body.classList.add("app");
const root = document.getElementById("root") as HTMLElement;
// Before connecting: what the host sends right after it must find its listener.
render(<Viewer app={app} />, root);
await app.connect();
follow(app.getHostContext() ?? {});
