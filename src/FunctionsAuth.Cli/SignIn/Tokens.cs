using System.Globalization;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;

namespace FunctionsAuth.Cli.SignIn;

/// <summary>The tokens of a sign-in: stores, refreshes and revokes them.</summary>
/// <param name="file">The file for a refreshed sign-in; null if it is not stored.</param>
internal sealed class Tokens(HttpExchange exchange, SignedIn signedIn, SignInFile? file)
{
    // A token could expire on its way to the server.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(30);

    private readonly TokenEndpoint endpoint = new(exchange);

    public SignedIn Current { get; private set; } = signedIn;

    /// <summary>A client that acts for itself gets a token: for pipelines.</summary>
    public static async Task<SignedIn> OfClientAsync(HttpExchange exchange, ServerMetadata server, string clientId, string secret, DpopKey? key, CancellationToken stopping)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = clientId, ["resource"] = server.Resource };
        var answer = await new TokenEndpoint(exchange).AskAsync(server.Token, form, key, secret, stopping);
        return Keep(SignedIn.At(server, clientId, clientId, key), answer, exchange.Clock.GetUtcNow());
    }

    public static SignedIn Keep(SignedIn before, JsonObject answer, DateTimeOffset now) => before with
    {
        AccessToken = answer.Text("access_token") ?? throw CliFailure.NotSignedIn("The server returned no access token."),
        ExpiresAt = now.AddSeconds(long.TryParse(answer.Text("expires_in"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 60),
        RefreshToken = answer.Text("refresh_token") ?? before.RefreshToken,
        Scopes = [.. (answer.Text("scope") ?? string.Join(' ', before.Scopes)).Split(' ').Where(scope => scope.StartsWith("manage:", StringComparison.Ordinal))],
    };

    /// <summary>An access token that is still valid for a moment.</summary>
    public async Task<string> GetAsync(CancellationToken stopping)
    {
        if (Current.ExpiresAt <= exchange.Clock.GetUtcNow() + Early)
            await RefreshAsync(stopping);
        return Current.AccessToken;
    }

    public bool CanRefresh => Current.RefreshToken is not null;

    /// <exception cref="CliFailure">The sign-in has ended.</exception>
    public async Task RefreshAsync(CancellationToken stopping)
    {
        // Another process may have refreshed it in the meantime. Using the old refresh token would then end the sign-in.
        using var alone = file?.Lock();
        if (file?.Read().Servers.GetValueOrDefault(Current.Issuer) is { } kept && kept.RefreshToken != Current.RefreshToken)
        {
            if (kept.DpopKey != Current.DpopKey || kept.ClientId != Current.ClientId)
                throw CliFailure.NotSignedIn("Somebody signed in again in another terminal. Run the command again.");
            Current = kept;
            if (Current.ExpiresAt > exchange.Clock.GetUtcNow() + Early)
                return;
        }
        if (Current.RefreshToken is not { } token)
            throw CliFailure.NotSignedIn($"The sign-in of {Current.Name} has ended: sign in again with functionsauth login {Current.Issuer}.");
        using var key = DpopKey.Import(Current.DpopKey);
        var form = new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["client_id"] = Current.ClientId, ["refresh_token"] = token, ["resource"] = Current.Resource };
        try
        {
            Current = Keep(Current, await endpoint.AskAsync(Current.Token, form, key, null, stopping), exchange.Clock.GetUtcNow());
        }
        catch (CliFailure e) when (e.ExitCode == ExitCodes.NotSignedIn)
        {
            throw CliFailure.NotSignedIn($"Your sign-in has ended: sign in again with functionsauth login {Current.Issuer}.");
        }
        file?.Replace(Current, isLogin: false);
    }

    /// <summary>RFC 7009: all tokens of this sign-in become invalid.</summary>
    public async Task RevokeAsync(CancellationToken stopping)
    {
        if (Current is { RefreshToken: { } token, Revocation: { } address })
            await endpoint.AskAsync(address, new() { ["client_id"] = Current.ClientId, ["token"] = token, ["token_type_hint"] = "refresh_token" }, null, null, stopping);
    }
}
