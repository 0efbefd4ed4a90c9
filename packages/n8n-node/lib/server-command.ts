/** Starts the server on this machine; npx fetches it where it is not there. */
export const SERVER_COMMAND = "npx -y @sightline/mcp-server --http 8420";
