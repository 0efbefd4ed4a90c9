import type {
  IAuthenticate,
  ICredentialDataDecryptedObject,
  ICredentialTestRequest,
  ICredentialType,
  IHttpRequestOptions,
  Icon,
  INodeProperties,
} from "n8n-workflow";

/** Sightline's own MCP server over HTTP: it has the eyes, and the heavy work stays outside n8n's process. */
export class SightlineServerApi implements ICredentialType {
  name = "sightlineServerApi";

  displayName = "Sightline Server API";

  icon: Icon = { light: "file:../nodes/Sightline/sightline.svg", dark: "file:../nodes/Sightline/sightline.dark.svg" };

  documentationUrl = "https://github.com/sightline/sightline/tree/main/packages/n8n-node#credentials";

  properties: INodeProperties[] = [
    {
      displayName: "Base URL",
      name: "baseUrl",
      type: "string",
      default: "http://127.0.0.1:8420",
      placeholder: "http://host.docker.internal:8420",
      description:
        "Where the server listens: started with npx -y @sightline/mcp-server --http 8420. From inside Docker it is not 127.0.0.1 but host.docker.internal.",
      required: true,
    },
    {
      displayName: "Token",
      name: "token",
      type: "string",
      typeOptions: { password: true },
      default: "",
      description: "The server's SIGHTLINE_HTTP_TOKEN; leave it empty where the server has none",
    },
  ];

  authenticate: IAuthenticate = async (credentials: ICredentialDataDecryptedObject, options: IHttpRequestOptions) => {
    const token = typeof credentials.token === "string" ? credentials.token.trim() : "";
    return token === "" ? options : { ...options, headers: { ...options.headers, authorization: `Bearer ${token}` } };
  };

  // Its state is for everybody; its figures want the token.
  test: ICredentialTestRequest = {
    request: { baseURL: '={{ $credentials.baseUrl.replace(/\\/+(?:mcp)?\\/*$/, "") }}', url: "/metrics" },
  };
}
