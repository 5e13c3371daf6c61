using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FunctionsAuth.Protocol.Import;

/// <summary>The members of the file itself.</summary>
internal sealed record ImportSections
{
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    public JsonArray? Clients { get; init; }

    public JsonArray? Scopes { get; init; }

    public JsonArray? Resources { get; init; }

    public JsonArray? AuthorizationDetailsTypes { get; init; }

    public JsonArray? Groups { get; init; }

    public JsonArray? Users { get; init; }
}

/// <summary>The members of a client with its secrets.</summary>
internal sealed record ClientSecretMembers
{
    public const string One = "client_secret";
    public const string Several = "client_secrets";

    public string? ClientSecret { get; init; }

    public IReadOnlyList<ImportedSecret>? ClientSecrets { get; init; }

    /// <summary>All secrets, in whatever form they were written.</summary>
    public IReadOnlyList<ImportedSecret> All() => ClientSecrets ?? (ClientSecret is null ? [] : [new ImportedSecret { ClientSecret = ClientSecret }]);
}

/// <summary>One secret of a client: as plain text, which is hashed at once, or as its hash.</summary>
public sealed record ImportedSecret
{
    public string? ClientSecret { get; init; }

    /// <summary>base64url of the secret's SHA-256.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The text has no secret, so that no secret gets into a log.</summary>
    public override string ToString() => nameof(ImportedSecret);
}

/// <summary>A user in the file. Members that are left out keep their stored value.</summary>
public sealed record ImportedUser
{
    public required string Username { get; init; }

    public string? Password { get; init; }

    /// <summary>A hash of this server or of another system: see docs/import.md.</summary>
    public string? PasswordHash { get; init; }

    public string? Subject { get; init; }

    public bool? Disabled { get; init; }

    /// <summary>Claims of OpenID Connect Core §5.1 and the operator's own, by name.</summary>
    public JsonObject? Claims { get; init; }

    /// <summary>The names of all groups of the user; empty: none.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>The text has no password, so that no password gets into a log.</summary>
    public override string ToString() => Username;
}
