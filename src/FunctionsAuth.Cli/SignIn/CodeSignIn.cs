using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;

namespace FunctionsAuth.Cli.SignIn;

/// <summary>Signs a user in with the authorization code flow with PKCE, in the user's own browser: RFC 8252.</summary>
/// <param name="show">Called with the address before the browser is opened.</param>
internal sealed class CodeSignIn(HttpExchange exchange, ServerMetadata server, Action<Uri> show)
{
    // A little longer than the login page waits for the user.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly TokenEndpoint tokens = new(exchange);

    /// <exception cref="CliFailure">The user or the server refused it.</exception>
    public async Task<SignedIn> RunAsync(string clientId, DpopKey? key, CancellationToken stopping)
    {
        using var loopback = new LoopbackAddress();
        var (state, nonce, verifier) = (Random(), Random(), Random());
        var request = new Dictionary<string, string>
        {
            ["response_type"] = "code",
            ["client_id"] = clientId,
            ["redirect_uri"] = loopback.RedirectUri,
            ["scope"] = string.Join(' ', ["openid", "profile", "offline_access", .. server.Scopes]),
            ["resource"] = server.Resource,
            ["state"] = state,
            ["nonce"] = nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        };
        if (key is not null)
            request["dpop_jkt"] = key.Thumbprint;
        show(await AddressOfAsync(request, stopping));

        var code = await WaitAsync(loopback, state, stopping);
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = clientId,
            ["code"] = code,
            ["redirect_uri"] = loopback.RedirectUri,
            ["code_verifier"] = verifier,
            ["resource"] = server.Resource,
        };
        var answer = await tokens.AskAsync(server.Token, form, key, null, stopping);
        return Tokens.Keep(SignedIn.At(server, clientId, NameIn(answer, clientId, nonce), key), answer, exchange.Clock.GetUtcNow());
    }

    /// <summary>Uses RFC 9126 if the server requires it.</summary>
    private async Task<Uri> AddressOfAsync(Dictionary<string, string> request, CancellationToken stopping)
    {
        if (server is { RequiresPushedRequests: true, PushedRequests: { } push })
        {
            var pushed = await tokens.AskAsync(push, request, null, null, stopping);
            request = new() { ["client_id"] = request["client_id"], ["request_uri"] = pushed.Text("request_uri")! };
        }
        return new UriBuilder(server.Authorization) { Query = string.Join('&', request.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")) }.Uri;
    }

    private async Task<string> WaitAsync(LoopbackAddress loopback, string state, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Patience);
        try
        {
            // RFC 6749 §10.12: a response that somebody else caused in this browser is not accepted. RFC 9207 §2.4: neither is the response of another
            // server.
            var response = await loopback.WaitAsync(
                parameters => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(parameters.GetValueOrDefault("state", "")), Encoding.UTF8.GetBytes(state))
                    && parameters.GetValueOrDefault("iss") == server.Issuer,
                patience.Token);
            return response.TryGetValue("code", out var code)
                ? code
                : throw CliFailure.NotSignedIn($"The sign-in was refused: {response.GetValueOrDefault("error_description") ?? response.GetValueOrDefault("error") ?? "the server gave no reason"}.");
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw CliFailure.NotSignedIn("Nobody signed in within 15 minutes.");
        }
    }

    /// <summary>
    /// The name in the ID token. The token came from the server itself, so its signature need not be checked (OpenID Connect Core §3.1.3.7, number
    /// 6).
    /// </summary>
    private string NameIn(JsonObject answer, string clientId, string nonce)
    {
        if (answer.Text("id_token")?.Split('.') is not [_, var payload, _])
            throw CliFailure.NotSignedIn("The server returned no ID token.");
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(payload));
        var audience = claims?["aud"] is JsonArray several ? several.Select(name => name?.ToString()) : [claims.Text("aud")];
        return claims.Text("iss") == server.Issuer && claims.Text("nonce") == nonce && audience.Contains(clientId)
            ? claims.Text("preferred_username") ?? claims.Text("sub") ?? ""
            : throw CliFailure.NotSignedIn("The ID token is not for this sign-in.");
    }

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
