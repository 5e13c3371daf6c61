using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;

namespace FunctionsAuth.Cli.SignIn;

/// <summary>The metadata of a server: RFC 8414 and RFC 9728.</summary>
/// <param name="Resource">The audience of access tokens for the management API.</param>
/// <param name="Scopes">The scopes of the management API.</param>
internal sealed record ServerMetadata(
    string Issuer, Uri Authorization, Uri Token, Uri? Revocation, Uri? PushedRequests, bool RequiresPushedRequests, string Resource, IReadOnlyList<string> Scopes)
{
    /// <summary>The address of the operations.</summary>
    public Uri Api => new(Authorization, "manage/api/v1/");

    /// <param name="server">The server as the user wrote it: with or without https.</param>
    /// <exception cref="CliFailure">It does not answer, or is not a FunctionsAuth server.</exception>
    public static async Task<ServerMetadata> ReadAsync(HttpExchange exchange, string server, CancellationToken stopping)
    {
        var issuer = IssuerOf(server);
        var document = await GetAsync(exchange, new Uri($"{issuer}/.well-known/openid-configuration"), stopping);
        // RFC 8414 §3.3: otherwise another server could publish metadata for this one.
        if (document.Text("issuer")?.TrimEnd('/') != issuer)
            throw CliFailure.Usage($"{issuer} says that its issuer is {document.Text("issuer")}. Use this URL as the name of the server.");
        var authorization = AddressIn(document, "authorization_endpoint");
        var resource = await GetAsync(exchange, new Uri(authorization, $"/.well-known/oauth-protected-resource{new Uri(issuer).AbsolutePath.TrimEnd('/')}/manage"), stopping);
        if ((resource["authorization_servers"] as JsonArray ?? []).All(name => name?.ToString() != document.Text("issuer")))
            throw CliFailure.Refused("The management API of the server names another authorization server.");
        return new ServerMetadata(
            document.Text("issuer")!,
            authorization,
            AddressIn(document, "token_endpoint"),
            document["revocation_endpoint"] is null ? null : AddressIn(document, "revocation_endpoint"),
            document["pushed_authorization_request_endpoint"] is null ? null : AddressIn(document, "pushed_authorization_request_endpoint"),
            document.Is("require_pushed_authorization_requests"),
            resource.Text("resource") ?? throw CliFailure.Refused("The metadata of the management API has no resource."),
            [.. (resource["scopes_supported"] as JsonArray ?? []).Select(scope => scope!.ToString())]);
    }

    /// <summary>The URL of a server, from the text of the user. Plain http is allowed only for this machine.</summary>
    public static string IssuerOf(string server)
    {
        var text = server.Contains("://", StringComparison.Ordinal) ? server : (IsOfThisMachine(server.Split(':', '/')[0]) ? "http://" : "https://") + server;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Query.Length > 0 || address.Fragment.Length > 0)
            throw CliFailure.Usage($"{server} is not the URL of a server, such as https://login.example.com.");
        return address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && IsOfThisMachine(address.Host))
            ? address.AbsoluteUri.TrimEnd('/')
            : throw CliFailure.Usage("The URL of a server must begin with https. Only a server on this machine can use http.");
    }

    private static bool IsOfThisMachine(string host) => host is "localhost" or "127.0.0.1" or "[::1]";

    private static async Task<JsonObject> GetAsync(HttpExchange exchange, Uri address, CancellationToken stopping)
    {
        using var response = await exchange.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, address), mayRepeat: true, stopping);
        if (!response.IsSuccessStatusCode)
            throw CliFailure.Unreachable($"{address} answered with status {(int)response.StatusCode}. Is it a FunctionsAuth server of this version?");
        try
        {
            return (await ApiAnswer.ReadAsync(response, stopping)).Record;
        }
        catch (JsonException)
        {
            throw CliFailure.Unreachable($"{address} did not return JSON. Is it a FunctionsAuth server?");
        }
    }

    private static Uri AddressIn(JsonObject document, string member) => Uri.TryCreate(document.Text(member), UriKind.Absolute, out var address)
        ? new Uri(IssuerOf(address.AbsoluteUri))
        : throw CliFailure.Refused($"The metadata of the server has no {member}.");
}
