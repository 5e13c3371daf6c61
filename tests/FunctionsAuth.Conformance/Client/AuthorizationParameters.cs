using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FunctionsAuth.Conformance.Client;

/// <summary>An authorization request: what is sent, sorted by name, and what must come back.</summary>
public sealed record AuthorizationParameters
{
    private static readonly string[] Repeated = ["client_id", "response_type", "scope", "redirect_uri"];

    public ImmutableSortedDictionary<string, string> Sent { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public string? State { get; init; }

    public string? Nonce { get; init; }

    public string RedirectUri { get; init; } = "";

    public string? ResponseType => Sent.GetValueOrDefault("response_type");

    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Claims that the request asks for by name, to be in the ID token.</summary>
    public IReadOnlyList<string> IdTokenClaims { get; init; } = [];

    /// <summary>The same for userinfo.</summary>
    public IReadOnlyList<string> UserInfoClaims { get; init; } = [];

    /// <param name="value">Null leaves the parameter out.</param>
    public AuthorizationParameters With(string name, string? value)
    {
        var changed = this with { Sent = value is null ? Sent.Remove(name) : Sent.SetItem(name, value) };
        return name switch
        {
            "state" => changed with { State = value },
            "nonce" => changed with { Nonce = value },
            "redirect_uri" => changed with { RedirectUri = value ?? "" },
            "scope" => changed with { Scopes = value?.Split(' ') ?? [] },
            _ => changed,
        };
    }

    /// <summary>All of it in a JWT, and outside only what OAuth 2.0 itself requires (OpenID Connect Core §6.1).</summary>
    /// <param name="parameter"><c>request</c> or <c>request_uri</c>.</param>
    /// <param name="value">Makes the parameter's value of the JWT's claims.</param>
    public AuthorizationParameters Inside(string parameter, Func<JsonObject, string> value)
    {
        var claims = new JsonObject(Sent.Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, pair.Value)));
        return this with { Sent = Sent.RemoveRange(Sent.Keys.Except(Repeated)).SetItem(parameter, value(claims)) };
    }

    public string Url(string endpoint, bool backwards = false) =>
        $"{endpoint}{(endpoint.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{string.Join('&', (backwards ? Sent.Reverse() : Sent).Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"))}";
}
