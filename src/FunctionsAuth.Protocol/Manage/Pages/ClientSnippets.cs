using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The settings of a client and of this server for client libraries, ready to copy. They contain no secrets.</summary>
internal static class ClientSnippets
{
    public static IEnumerable<(string Library, string Text)> Of(JsonObject client, string id, string issuer)
    {
        var scope = client["scope"]?.ToString() ?? StandardScopes.OpenId;
        var redirect = (client["redirect_uris"] as JsonArray)?.FirstOrDefault()?.ToString();
        var isPublic = client["token_endpoint_auth_method"]?.ToString() == AuthMethods.None;
        if (redirect is null)
        {
            yield return ("curl", $"""curl {issuer}/token -u '{id}:SECRET' -d grant_type=client_credentials -d 'scope={scope}'""");
            yield break;
        }
        if (isPublic)
        {
            yield return ("oidc-client-ts", OidcClientTs(id, issuer, scope, redirect));
        }
        else
        {
            yield return ("ASP.NET Core", AspNet(id, issuer));
            yield return ("Spring Boot", Spring(id, issuer, scope));
        }
        yield return ("openid-client (Node.js)", OpenIdClient(id, issuer, scope, redirect, isPublic));
        yield return ("OpenID Connect", $"""
            issuer:       {issuer}
            discovery:    {issuer}/.well-known/openid-configuration
            client_id:    {id}
            redirect_uri: {redirect}
            scope:        {scope}
            """);
    }

    private static string AspNet(string id, string issuer) => $$"""
        builder.Services.AddAuthentication("cookie").AddCookie("cookie").AddOpenIdConnect(options =>
        {
            (options.SignInScheme, options.ResponseType, options.SaveTokens) = ("cookie", "code", true);
            (options.Authority, options.ClientId, options.ClientSecret) = ("{{issuer}}", "{{id}}", builder.Configuration["ClientSecret"]);
        });
        """;

    private static string Spring(string id, string issuer, string scope) => $$"""
        spring.security.oauth2.client.provider.login.issuer-uri={{issuer}}
        spring.security.oauth2.client.registration.login.client-id={{id}}
        spring.security.oauth2.client.registration.login.client-secret=${CLIENT_SECRET}
        spring.security.oauth2.client.registration.login.scope={{scope.Replace(' ', ',')}}
        """;

    private static string OidcClientTs(string id, string issuer, string scope, string redirect) => $$"""
        const manager = new UserManager({
          authority: "{{issuer}}",
          client_id: "{{id}}",
          redirect_uri: "{{redirect}}",
          scope: "{{scope}}",
        });
        """;

    private static string OpenIdClient(string id, string issuer, string scope, string redirect, bool isPublic) => $$"""
        const config = await client.discovery(new URL("{{issuer}}"), "{{id}}", {{(isPublic ? "undefined, client.None()" : "process.env.CLIENT_SECRET")}});
        const verifier = client.randomPKCECodeVerifier();
        const code_challenge = await client.calculatePKCECodeChallenge(verifier);
        const url = client.buildAuthorizationUrl(config, { redirect_uri: "{{redirect}}", scope: "{{scope}}", code_challenge, code_challenge_method: "S256" });
        """;
}
