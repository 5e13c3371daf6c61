using System.Text.Json.Serialization;

namespace FunctionsAuth.Cli.SignIn;

/// <summary>A stored sign-in at one server.</summary>
internal sealed record SignedIn
{
    public required string Issuer { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The username, or the id of a client that acts for itself.</summary>
    public required string Name { get; init; }

    public required string AccessToken { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Null for a client that acts for itself.</summary>
    public string? RefreshToken { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The private key (PKCS #8, base64) to which the tokens are bound; null if they are not bound.</summary>
    public string? DpopKey { get; init; }

    /// <summary>The metadata that operations need, so that a command does not read it again.</summary>
    public required Uri Api { get; init; }

    public required Uri Token { get; init; }

    /// <summary>The audience of the tokens: RFC 8707.</summary>
    public required string Resource { get; init; }

    public Uri? Revocation { get; init; }

    [JsonIgnore]
    public bool IsBound => DpopKey is not null;

    /// <summary>A sign-in that has no tokens yet: see <see cref="Tokens.Keep"/>.</summary>
    public static SignedIn At(ServerMetadata server, string clientId, string name, DpopKey? key) => new()
    {
        Issuer = server.Issuer,
        ClientId = clientId,
        Name = name,
        AccessToken = "",
        ExpiresAt = default,
        Api = server.Api,
        Token = server.Token,
        Resource = server.Resource,
        Revocation = server.Revocation,
        DpopKey = key?.Export(),
    };

    /// <summary>The text has no tokens, so that none gets into a log.</summary>
    public override string ToString() => $"{Name} at {Issuer}";
}

/// <summary>All sign-ins of a user on this machine.</summary>
/// <param name="Last">The issuer of the last login, for commands that name no server.</param>
internal sealed record SignIns(string? Last, IReadOnlyDictionary<string, SignedIn> Servers);
