import { SetupError } from "../errors.ts";
import type { Preset } from "./presets.ts";

/** Where a preset's server is: what the operator said, else its usual place; without a slash at the end. SetupError when that is no address. */
export function serverAddress(preset: Preset, given: string | undefined): string {
  const hint = `Give the address where the API begins with --base-url (SIGHTLINE_BASE_URL), e.g. ${preset.baseUrl ?? "http://127.0.0.1:8000/v1"}.`;
  const address = given ?? preset.baseUrl;
  if (address === undefined) throw new SetupError(`The backend ${preset.name} is set, but no model server.`, { hint });
  if (!URL.canParse(address)) throw new SetupError(`The base URL "${address}" is no URL.`, { hint });
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new SetupError(`The base URL must begin with http:// or https://, not ${url.protocol}//.`, { hint });
  if (url.username !== "" || url.password !== "") {
    throw new SetupError(`The base URL of ${url.host} has a name or password in it, which would show up in messages.`, {
      hint: "Put the key into SIGHTLINE_API_KEY.",
    });
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}
